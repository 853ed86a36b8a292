// Tests of a caller's rights on real files: modes, ACLs, and directories on the way.
#include "tree/caller_access.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>

#include "base/proc_path.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::tree {
namespace {

constexpr uid_t kOther = 54321;

bool may(const Credentials& caller, const Fd& fd, int wanted) {
  struct stat attributes;
  const auto result = may_access(caller, fd.get(), wanted, attributes);
  EXPECT_TRUE(result.ok());
  return result.ok() && result.value();
}

TEST(CallerAccessTest, GoesByModeForOthers) {
  const TemporaryTree tree;
  const Fd file = tree.make_file("f");
  const Fd path = tree.open_path("f");
  const Credentials other{kOther, kOther, {}};
  ASSERT_EQ(::fchmod(file.get(), 0644), 0);
  EXPECT_TRUE(may(other, path, R_OK));
  ASSERT_EQ(::fchmod(file.get(), 0640), 0);
  EXPECT_FALSE(may(other, path, R_OK));
  ASSERT_EQ(::fchmod(file.get(), 0000), 0);
  EXPECT_TRUE(may({0, 0, {}}, path, R_OK));
  EXPECT_FALSE(may({kOther, ::getegid(), {}}, path, R_OK));
  ASSERT_EQ(::fchmod(file.get(), 0040), 0);
  EXPECT_TRUE(may({kOther, ::getegid(), {}}, path, R_OK));
}

TEST(CallerAccessTest, GoesByAclWhereThereIsOne) {
  const TemporaryTree tree;
  const Fd file = tree.make_file("f");
  ASSERT_EQ(::fchmod(file.get(), 0640), 0);
  // Version 2; owner rw, user kOther r, group none, mask r, others none.
  const std::array<unsigned char, 44> acl = {
      2,    0,    0,    0,    0x01,          0,           6,    0,   0xff, 0xff, 0xff, 0xff,
      0x02, 0,    4,    0,    kOther & 0xff, kOther >> 8, 0,    0,   0x04, 0,    0,    0,
      0xff, 0xff, 0xff, 0xff, 0x10,          0,           4,    0,   0xff, 0xff, 0xff, 0xff,
      0x20, 0,    0,    0,    0xff,          0xff,        0xff, 0xff};
  if (::setxattr(ProcPath(file.get()).c_str(), kAclAttribute, acl.data(), acl.size(), 0) != 0) {
    GTEST_SKIP() << "no ACLs here";
  }
  const Fd path = tree.open_path("f");
  EXPECT_TRUE(may({kOther, kOther, {}}, path, R_OK));
  EXPECT_FALSE(may({kOther + 1, kOther, {}}, path, R_OK));
}

TEST(CallerAccessTest, CleansPaths) {
  const auto clean = [](const char* path) { return clean_path(path).value(); };
  EXPECT_EQ(clean(""), "");
  EXPECT_EQ(clean("."), "");
  EXPECT_EQ(clean("./a//b/./c/"), "a/b/c");
  EXPECT_EQ(clean("..a/b.."), "..a/b..");
  for (const char* bad : {"/", "/a", "..", "a/..", "a/../b"}) {
    EXPECT_EQ(clean_path(bad).error(), EINVAL) << bad;
  }
}

TEST(CallerAccessTest, OpensAsTheCallerCould) {
  const TemporaryTree tree;
  tree.make_directory("open");
  tree.make_directory("open/closed");
  tree.make_directory("open/closed/deep");
  (void)tree.make_file("open/closed/deep/f");
  ASSERT_EQ(::fchmodat(tree.fd(), ".", 0755, 0), 0);
  ASSERT_EQ(::fchmodat(tree.fd(), "open/closed", 0700, 0), 0);
  ASSERT_EQ(::symlinkat("open", tree.fd(), "link"), 0);
  const Credentials root{0, 0, {}};
  const Credentials other{kOther, kOther, {}};
  EXPECT_TRUE(open_for(root, tree.fd(), "open/closed/deep/f").ok());
  EXPECT_TRUE(open_for(other, tree.fd(), "").ok());
  EXPECT_TRUE(open_for(other, tree.fd(), "open/closed").ok());  // Its name may be looked up.
  EXPECT_EQ(open_for(other, tree.fd(), "open/closed/deep").error(), EACCES);
  EXPECT_EQ(open_for(other, tree.fd(), "open/closed/none").error(), EACCES);
  EXPECT_EQ(open_for(other, tree.fd(), "open/none").error(), ENOENT);
  EXPECT_EQ(open_for(other, tree.fd(), "open/closed/deep/f/x").error(), EACCES);
  EXPECT_EQ(open_for(root, tree.fd(), "link/closed").error(), ELOOP);
}

}  // namespace
}  // namespace vexfs::tree
