// Tests of the requests before libfuse: lengths, the flags that libfuse drops, and the two
// operations that it lacks, answered over a socket instead of a mount.
#include "fs/requests/raw_requests.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/testing/temporary_directory.h"
#include "fs/requests/testing/socket_session.h"
#include "fs/surface/surface_node.h"

namespace vexfs::fs {
namespace {

class RawRequestsTest : public testing::Test {
 protected:
  RawRequestsTest()
      : fs_(Fd(::fcntl(directory_.fd().get(), F_DUPFD_CLOEXEC, 0)), false, false, false),
        session_(fs_) {
    EXPECT_TRUE(fs_.backing.start().ok());
  }

  // Previews a request; what libfuse would see stays in `request`.
  bool preview(std::vector<char>& request) {
    size_t bytes = request.size();
    const bool done = preview_request(fs_, request.data(), bytes);
    EXPECT_LE(bytes, request.size());
    request.resize(bytes);
    return done;
  }
  bool kills(std::vector<char> request) {
    EXPECT_FALSE(preview(request));
    return this_request_kills_privileges();
  }
  void agree_on_setxattr_ext() {
    abi::InitIn in = {};
    in.flags = abi::kSetxattrExt;
    std::vector<char> request = raw_request(abi::kOpcodeInit, 0, in);
    EXPECT_FALSE(preview(request));
    abi::InitOut out = {};
    fs_.passthrough.patch_init_reply(out);
  }
  // The error of the reply, and its body if it has this size.
  template <typename Body>
  int reply_of(Body& body) {
    const std::vector<char> reply = session_.reply();
    abi::OutHeader header = {};
    EXPECT_GE(reply.size(), sizeof(header));
    if (reply.size() < sizeof(header)) return -1;
    std::memcpy(&header, reply.data(), sizeof(header));
    EXPECT_EQ(header.len, reply.size());
    EXPECT_EQ(header.unique, 7U);
    EXPECT_EQ(reply.size(), sizeof(header) + (header.error == 0 ? sizeof(body) : 0));
    if (reply.size() == sizeof(header) + sizeof(body)) {
      std::memcpy(&body, reply.data() + sizeof(header), sizeof(body));
    }
    return -header.error;
  }

  TemporaryDirectory directory_;
  FileSystem fs_;
  SocketSession session_;
};

constexpr uint64_t kRoot = static_cast<uint64_t>(kRootNode);

// Each request is tried at every shorter length. A sanitizer finds reads past the end.
TEST_F(RawRequestsTest, LeavesShortRequestsToLibfuse) {
  agree_on_setxattr_ext();
  abi::InitIn init;
  fuse_open_in open;
  fuse_write_in write;
  abi::SetxattrIn setxattr;
  abi::StatxIn statx;
  fuse_create_in create;
  const auto fill = [](auto& argument) { std::memset(&argument, 0xff, sizeof(argument)); };
  fill(init), fill(open), fill(write), fill(setxattr), fill(statx), fill(create);
  for (const std::vector<char>& whole :
       {raw_request(abi::kOpcodeInit, 0, init), raw_request(FUSE_OPEN, kRoot, open),
        raw_request(FUSE_WRITE, kRoot, write), raw_request(FUSE_SETXATTR, kRoot, setxattr),
        raw_request(abi::kOpcodeStatx, kRoot, statx),
        raw_request(abi::kOpcodeTmpfile, kRoot, create)}) {
    for (size_t bytes = 0; bytes < whole.size(); ++bytes) {
      const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<long>(bytes));
      std::vector<char> request = cut;
      request.shrink_to_fit();
      EXPECT_FALSE(preview(request));
      EXPECT_EQ(request, cut) << bytes;
      EXPECT_FALSE(this_request_kills_privileges());
    }
  }
  EXPECT_TRUE(session_.reply().empty());
}

TEST_F(RawRequestsTest, LeavesOtherOperationsAlone) {
  const uint64_t argument[16] = {~0ULL, ~0ULL, ~0ULL, ~0ULL};
  for (const uint32_t opcode : {0U, 1U, 3U, 15U, 35U, 45U, 53U, 4096U, ~0U}) {
    std::vector<char> request = raw_request(opcode, kRoot, argument, "tail");
    const std::vector<char> before = request;
    EXPECT_FALSE(preview(request)) << opcode;
    EXPECT_EQ(request, before);
    EXPECT_FALSE(this_request_kills_privileges());
  }
  EXPECT_TRUE(session_.reply().empty());
}

TEST_F(RawRequestsTest, ReadsWhoWantsSetuidCleared) {
  fuse_open_in open = {};
  EXPECT_FALSE(kills(raw_request(FUSE_OPEN, kRoot, open)));
  open.open_flags = abi::kOpenKillSuidgid;
  EXPECT_TRUE(kills(raw_request(FUSE_OPEN, kRoot, open)));
  open.open_flags = ~abi::kOpenKillSuidgid;
  EXPECT_FALSE(kills(raw_request(FUSE_OPEN, kRoot, open)));
  fuse_write_in write = {};
  write.write_flags = abi::kWriteKillSuidgid;
  EXPECT_TRUE(kills(raw_request(FUSE_WRITE, kRoot, write, "data")));
  write.write_flags = ~abi::kWriteKillSuidgid;
  EXPECT_FALSE(kills(raw_request(FUSE_WRITE, kRoot, write, "data")));
}

TEST_F(RawRequestsTest, AFlagEndsWithItsRequest) {
  fuse_write_in write = {};
  write.write_flags = abi::kWriteKillSuidgid;
  EXPECT_TRUE(kills(raw_request(FUSE_WRITE, kRoot, write)));
  EXPECT_FALSE(kills(raw_request(FUSE_GETATTR, kRoot, write)));
  EXPECT_TRUE(kills(raw_request(FUSE_WRITE, kRoot, write)));
  std::vector<char> nothing;
  EXPECT_FALSE(preview(nothing));
  EXPECT_FALSE(this_request_kills_privileges());
}

TEST_F(RawRequestsTest, SetxattrIsShortenedToWhatLibfuseKnows) {
  agree_on_setxattr_ext();
  using std::string_view_literals::operator""sv;
  for (const std::string_view tail : {"user.name\0value"sv, "user.empty\0"sv, ""sv}) {
    for (const uint32_t flag : {0U, abi::kSetxattrAclKillSgid, 6U}) {
      std::vector<char> request =
          raw_request(FUSE_SETXATTR, kRoot, abi::SetxattrIn{5, 1, flag, 9}, tail);
      EXPECT_FALSE(preview(request));
      const uint32_t compat[2] = {5, 1};
      EXPECT_EQ(request, raw_request(FUSE_SETXATTR, kRoot, compat, tail));
      EXPECT_EQ(this_request_kills_privileges(), flag == abi::kSetxattrAclKillSgid);
    }
  }
}

TEST_F(RawRequestsTest, SetxattrStaysAsItIsWithoutTheExtension) {
  std::vector<char> request =
      raw_request(FUSE_SETXATTR, kRoot, abi::SetxattrIn{5, 1, abi::kSetxattrAclKillSgid, 0});
  const std::vector<char> before = request;
  EXPECT_FALSE(preview(request));
  EXPECT_EQ(request, before);
  EXPECT_FALSE(this_request_kills_privileges());
}

TEST_F(RawRequestsTest, InitReachesPassthroughAndLibfuse) {
  std::vector<char> request = raw_request(abi::kOpcodeInit, 0, abi::InitIn{});
  const std::vector<char> before = request;
  EXPECT_FALSE(preview(request));
  EXPECT_EQ(request, before);
  abi::OutHeader header = {0, 0, 7};
  abi::InitOut out = {};
  const iovec iov[2] = {{&header, sizeof(header)}, {&out, sizeof(out)}};
  EXPECT_TRUE(fs_.passthrough.is_init_reply(iov, 2));
}

TEST_F(RawRequestsTest, StatxTellsTheTimesOfTheFile) {
  abi::StatxIn in = {};
  in.sx_mask = STATX_BASIC_STATS | STATX_BTIME;
  std::vector<char> request = raw_request(abi::kOpcodeStatx, kRoot, in);
  EXPECT_TRUE(preview(request));
  abi::StatxOut out = {};
  ASSERT_EQ(reply_of(out), 0);
  struct statx stx;
  ASSERT_EQ(::statx(directory_.fd().get(), "", AT_EMPTY_PATH, in.sx_mask, &stx), 0);
  EXPECT_EQ(out.mask, stx.stx_mask);
  EXPECT_EQ(out.ino, stx.stx_ino);
  EXPECT_EQ(out.mode, stx.stx_mode);
  EXPECT_EQ(out.nlink, stx.stx_nlink);
  EXPECT_EQ(out.uid, stx.stx_uid);
  EXPECT_EQ(out.btime.seconds, stx.stx_btime.tv_sec);
  EXPECT_EQ(out.btime.nanoseconds, stx.stx_btime.tv_nsec);
  EXPECT_EQ(out.mtime.seconds, stx.stx_mtime.tv_sec);
  EXPECT_EQ(out.mtime.nanoseconds, stx.stx_mtime.tv_nsec);
  EXPECT_EQ(fs_.counters.of(Operation::statx), 1U);
}

TEST_F(RawRequestsTest, StatxOfTheSurfaceAndOfNothing) {
  abi::StatxIn in = {};
  in.sx_mask = ~0U;
  std::vector<char> request =
      raw_request(abi::kOpcodeStatx,
                  static_cast<uint64_t>(surface_node(NodeId{kRoot}, SurfaceFile::kDirectory)), in);
  EXPECT_TRUE(preview(request));
  abi::StatxOut out = {};
  ASSERT_EQ(reply_of(out), 0);
  EXPECT_TRUE(S_ISDIR(out.mode));
  EXPECT_EQ(out.mask & STATX_BTIME, 0U);
  request = raw_request(abi::kOpcodeStatx, 4711, in);
  EXPECT_TRUE(preview(request));
  EXPECT_EQ(reply_of(out), ESTALE);
}

TEST_F(RawRequestsTest, TmpfileIsAnOpenFileWithoutAName) {
  fuse_create_in in = {};
  in.flags = O_RDWR | O_TMPFILE;
  in.mode = S_IFREG | 0640;
  std::vector<char> request = raw_request(abi::kOpcodeTmpfile, kRoot, in, ".");
  EXPECT_TRUE(preview(request));
  abi::CreateOut out = {};
  const int error = reply_of(out);
  if (error == EOPNOTSUPP) GTEST_SKIP() << "the temporary directory has no O_TMPFILE";
  ASSERT_EQ(error, 0);
  EXPECT_EQ(out.entry.attr.mode, static_cast<uint32_t>(S_IFREG | 0640));
  EXPECT_EQ(out.entry.attr.nlink, 0U);
  EXPECT_EQ(fs_.backing.open_files().size(), 1U);
  auto* file = reinterpret_cast<OpenFile*>(out.open.fh);
  EXPECT_EQ(static_cast<uint64_t>(file->node), out.entry.nodeid);
  EXPECT_EQ(::write(file->fd->get(), "x", 1), 1);
  fs_.backing.open_files().close(file);
  fs_.backing.forget(NodeId{out.entry.nodeid}, 1);
  EXPECT_EQ(fs_.backing.nodes().size(), 0U);
}

TEST_F(RawRequestsTest, TmpfileInTheSurfaceIsRefused) {
  fuse_create_in in = {};
  in.flags = O_RDWR | O_TMPFILE;
  std::vector<char> request = raw_request(abi::kOpcodeTmpfile, kSurfaceBit | (kRoot << 2), in, ".");
  EXPECT_TRUE(preview(request));
  abi::CreateOut out = {};
  EXPECT_EQ(reply_of(out), EPERM);
}

// The kernel does not take the reply, so it counts neither the lookup nor the open file.
TEST_F(RawRequestsTest, TmpfileIsUndoneWhenNobodyListens) {
  void (*before)(int) = ::signal(SIGPIPE, SIG_IGN);
  session_.hang_up();
  fuse_create_in in = {};
  in.flags = O_RDWR | O_TMPFILE;
  std::vector<char> request = raw_request(abi::kOpcodeTmpfile, kRoot, in, ".");
  EXPECT_TRUE(preview(request));
  EXPECT_EQ(fs_.backing.open_files().size(), 0U);
  EXPECT_EQ(fs_.backing.nodes().size(), 0U);
  (void)::signal(SIGPIPE, before);
}

}  // namespace
}  // namespace vexfs::fs
