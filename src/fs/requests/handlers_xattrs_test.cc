// Tests of the handlers of extended attributes: what is stored as it is, what belongs to VexFS, and
// the sizes that callers ask with.
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "fs/requests/testing/handler_fixture.h"
#include "fs/surface/saved_searches.h"

namespace vexfs::fs {
namespace {

using std::string_view_literals::operator""sv;

class HandlersXattrsTest : public HandlerTest {
 protected:
  void SetUp() override {
    HandlerTest::SetUp();
    const Fd file = directory_.create("file", "");
    if (::fsetxattr(file.get(), "user.test", "x", 1, 0) != 0) {
      GTEST_SKIP() << "no user attributes here";
    }
    ASSERT_EQ(::fremovexattr(file.get(), "user.test"), 0);
    file_ = look_up("file");
    ASSERT_NE(file_, 0U);
  }

  int set(uint64_t node, std::string_view name, std::string_view value, uint32_t flags = 0) {
    const uint32_t compat[2] = {static_cast<uint32_t>(value.size()), flags};
    std::string tail(name);
    return ask(raw_request(FUSE_SETXATTR, node, compat, tail.append(1, '\0').append(value))).error;
  }
  Answer get(uint64_t node, std::string_view name, uint32_t size = 4096) {
    return ask(FUSE_GETXATTR, node, fuse_getxattr_in{size, 0}, name);
  }
  // With the caller's uid, which decides what is listed.
  Answer list(uint64_t node, uint32_t size = 4096, uint32_t uid = 0) {
    std::vector<char> request = raw_request(FUSE_LISTXATTR, node, fuse_getxattr_in{size, 0});
    std::memcpy(request.data() + offsetof(abi::InHeader, uid), &uid, sizeof(uid));
    return ask(std::move(request));
  }
  int remove(uint64_t node, std::string_view name) {
    return ask(FUSE_REMOVEXATTR, node, name).error;
  }
  // The size in a reply to a request that only asks for it.
  static uint32_t size_in(const Answer& answer) {
    fuse_getxattr_out out = {};
    EXPECT_EQ(answer.body.size(), sizeof(out));
    if (answer.body.size() == sizeof(out)) std::memcpy(&out, answer.body.data(), sizeof(out));
    return out.size;
  }

  uint64_t file_ = 0;
};

TEST_F(HandlersXattrsTest, AttributesOfUsersReachTheSource) {
  ASSERT_EQ(set(file_, "user.a", "value\0with zero"sv), 0);
  char stored[32];
  const std::string path = directory_.path("file");
  EXPECT_EQ(::getxattr(path.c_str(), "user.a", stored, sizeof(stored)), 15);
  EXPECT_EQ(get(file_, "user.a").body, "value\0with zero"sv);
  EXPECT_EQ(size_in(get(file_, "user.a", 0)), 15U);
  EXPECT_EQ(get(file_, "user.a", 5).error, ERANGE);
  EXPECT_EQ(list(file_).body, "user.a\0"sv);
  EXPECT_EQ(remove(file_, "user.a"), 0);
  EXPECT_EQ(list(file_).body, "");
}

TEST_F(HandlersXattrsTest, ErrorsAreTheSources) {
  EXPECT_EQ(get(file_, "user.absent").error, ENODATA);
  EXPECT_EQ(remove(file_, "user.absent"), ENODATA);
  EXPECT_EQ(set(file_, "user.a", "x", XATTR_REPLACE), ENODATA);
  ASSERT_EQ(set(file_, "user.a", "x", XATTR_CREATE), 0);
  EXPECT_EQ(set(file_, "user.a", "y", XATTR_CREATE), EEXIST);
  EXPECT_EQ(set(file_, "unknown.a", "x"), EOPNOTSUPP);
  EXPECT_EQ(get(4711, "user.a").error, ESTALE);
  EXPECT_EQ(list(4711).error, ESTALE);
}

TEST_F(HandlersXattrsTest, ListsFitTheBufferOrSaySo) {
  ASSERT_EQ(set(file_, "user.a", ""), 0);
  EXPECT_EQ(size_in(list(file_, 0)), 7U);
  EXPECT_EQ(list(file_, 7).body, "user.a\0"sv);
  EXPECT_EQ(list(file_, 6).error, ERANGE);
}

TEST_F(HandlersXattrsTest, TrustedOnesAreListedToRootAlone) {
  if (::geteuid() != 0) GTEST_SKIP() << "trusted attributes are root's";
  const std::string path = directory_.path("file");
  if (::setxattr(path.c_str(), "trusted.t", "x", 1, 0) != 0) GTEST_SKIP() << "none here";
  ASSERT_EQ(set(file_, "user.a", ""), 0);
  EXPECT_NE(list(file_).body.find("trusted.t"), std::string::npos);
  EXPECT_EQ(list(file_, 4096, 1000).body, "user.a\0"sv);
}

// This mount has no engine, as over a source that cannot carry vectors.
TEST_F(HandlersXattrsTest, ReservedNamesAreNeverStored) {
  EXPECT_EQ(set(file_, "user.vexfs.vector.space", "1234"), EPERM);
  EXPECT_EQ(get(file_, "user.vexfs.vector.space").error, ENODATA);
  EXPECT_EQ(remove(file_, "user.vexfs.vector.space"), ENODATA);
  for (const std::string_view name : {"user.vexfs.", "user.vexfs.other", "user.vexfs.state"}) {
    EXPECT_EQ(set(file_, name, "x"), EPERM) << name;
    EXPECT_EQ(get(file_, name).error, ENODATA) << name;
    EXPECT_EQ(remove(file_, name), EPERM) << name;
  }
  const std::string path = directory_.path("file");
  ASSERT_EQ(::setxattr(path.c_str(), "user.vexfs.vector.old", "x", 1, 0), 0);
  EXPECT_EQ(list(file_).body, "") << "what lies on the source under such a name is not shown";
  EXPECT_EQ(get(file_, "user.vexfs.vector.old").error, ENODATA);
}

TEST_F(HandlersXattrsTest, SavedSearchesAreAttributesOfDirectories) {
  EXPECT_EQ(set(kRoot, "user.vexfs.saved.papers", "passport"), 0);
  EXPECT_EQ(get(kRoot, "user.vexfs.saved.papers").body, "passport");
  EXPECT_EQ(list(kRoot).body, "user.vexfs.saved.papers\0"sv);
  EXPECT_EQ(set(kRoot, "user.vexfs.saved.", "x"), EINVAL);
  EXPECT_EQ(set(kRoot, "user.vexfs.saved.a/b", "x"), EINVAL);
  EXPECT_EQ(set(kRoot, "user.vexfs.saved.long", std::string(limits::kQueryWordBytesMax + 1, 'x')),
            E2BIG);
  EXPECT_EQ(set(file_, "user.vexfs.saved.papers", "x"), EPERM);
  EXPECT_EQ(remove(kRoot, "user.vexfs.saved.papers"), 0);
}

TEST_F(HandlersXattrsTest, TheSurfaceHasNone) {
  for (const SurfaceFile file : {SurfaceFile::kDirectory, SurfaceFile::kStatus}) {
    const uint64_t node = surface(file);
    EXPECT_EQ(set(node, "user.a", "x"), EOPNOTSUPP);
    EXPECT_EQ(get(node, "user.a").error, EOPNOTSUPP);
    EXPECT_EQ(list(node).error, EOPNOTSUPP);
    EXPECT_EQ(remove(node, "user.a"), EOPNOTSUPP);
    EXPECT_EQ(set(node, "user.vexfs.vector.space", "1234"), EOPNOTSUPP);
    EXPECT_EQ(get(node, "user.vexfs.vector.space").error, ENODATA);
    EXPECT_EQ(remove(node, "user.vexfs.vector.space"), EPERM);
    EXPECT_EQ(get(node, "system.posix_acl_access").error, ENODATA) << "open(2) asks for it";
  }
}

}  // namespace
}  // namespace vexfs::fs
