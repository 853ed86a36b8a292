// Tests of Passthrough: what the INIT reply asks for, and why passthrough is off when it is.
#include "fs/backing/passthrough.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/fd.h"

namespace vexfs::fs {
namespace {

constexpr uint64_t kUnique = 42;
constexpr uint32_t kOtherFlags = (1U << 0) | (1U << 5);

abi::InHeader header() {
  abi::InHeader header = {};
  header.opcode = abi::kOpcodeInit;
  header.unique = kUnique;
  return header;
}

constexpr uint32_t kUsed2 = abi::kPassthrough2 | abi::kNoExportSupport2;

abi::InitIn kernel_that_can(uint32_t flags, uint32_t flags2) {
  abi::InitIn in = {};
  in.flags = flags;
  in.flags2 = flags2;
  return in;
}

abi::InitOut reply_of_libfuse() {
  abi::InitOut out = {};
  out.major = 7;
  out.minor = 38;
  out.flags = kOtherFlags;
  return out;
}

TEST(PassthroughTest, SaysWhyItIsOff) {
  EXPECT_FALSE(Passthrough(false, true).active());
  EXPECT_STREQ(Passthrough(false, false).reason(), "switched off by -o passthrough=off");
  EXPECT_FALSE(Passthrough(true, false).active());
  EXPECT_STREQ(Passthrough(true, false).reason(), "the daemon has no CAP_SYS_ADMIN");
  EXPECT_TRUE(Passthrough(true, true).active());
  EXPECT_STREQ(Passthrough(true, true).reason(), "active");
}

TEST(PassthroughTest, AsksTheKernelThatHasIt) {
  Passthrough passthrough(true, true);
  passthrough.init_request(header(), kernel_that_can(abi::kInitExt, abi::kPassthrough2));
  abi::InitOut out = reply_of_libfuse();
  passthrough.patch_init_reply(out);
  EXPECT_TRUE(passthrough.active());
  EXPECT_EQ(out.flags, kOtherFlags | abi::kInitExt);
  EXPECT_EQ(out.flags2, abi::kPassthrough2);
  EXPECT_EQ(out.max_stack_depth, 1U);
  EXPECT_EQ(out.major, 7U);
  EXPECT_EQ(out.minor, 38U);
}

TEST(PassthroughTest, TurnsOffOnAKernelWithout) {
  // In the second line flags2 means nothing, since the first flags do not say that it is there.
  for (const abi::InitIn& in : {kernel_that_can(abi::kInitExt, ~kUsed2),
                                kernel_that_can(~abi::kInitExt, abi::kPassthrough2)}) {
    Passthrough passthrough(true, true);
    passthrough.init_request(header(), in);
    abi::InitOut out = reply_of_libfuse();
    passthrough.patch_init_reply(out);
    EXPECT_FALSE(passthrough.active());
    EXPECT_STREQ(passthrough.reason(), "the kernel has no FUSE passthrough (Linux 6.9 does)");
    EXPECT_EQ(out.flags & abi::kInitExt, 0U);
    EXPECT_EQ(out.flags2, 0U);
    EXPECT_EQ(out.max_stack_depth, 0U);
  }
}

TEST(PassthroughTest, GivesOutNoFileHandlesWhereTheKernelAgrees) {
  for (const bool wanted : {true, false}) {
    Passthrough passthrough(wanted, true);
    passthrough.init_request(header(), kernel_that_can(abi::kInitExt, abi::kNoExportSupport2));
    abi::InitOut out = reply_of_libfuse();
    passthrough.patch_init_reply(out);
    EXPECT_EQ(out.flags, kOtherFlags | abi::kInitExt);
    EXPECT_EQ(out.flags2, abi::kNoExportSupport2);
  }
}

TEST(PassthroughTest, WhenOffItAsksForNothing) {
  Passthrough passthrough(false, true);
  passthrough.init_request(header(), kernel_that_can(abi::kInitExt, abi::kPassthrough2));
  abi::InitOut out = reply_of_libfuse();
  passthrough.patch_init_reply(out);
  EXPECT_EQ(out.flags, kOtherFlags);
  EXPECT_EQ(out.flags2, 0U);
  EXPECT_EQ(out.max_stack_depth, 0U);
  EXPECT_STREQ(passthrough.reason(), "switched off by -o passthrough=off");
}

TEST(PassthroughTest, TakesOverTheClearingOfSetuidWhereTheKernelOffersIt) {
  for (const bool offered : {true, false}) {
    Passthrough passthrough(false, true);
    passthrough.init_request(header(), kernel_that_can(offered ? abi::kHandleKillprivV2 : 0, 0));
    abi::InitOut out = reply_of_libfuse();
    out.flags |= abi::kHandleKillpriv | abi::kWritebackCache;
    passthrough.patch_init_reply(out);
    const uint32_t asked = offered ? abi::kHandleKillprivV2 : abi::kHandleKillpriv;
    EXPECT_EQ(out.flags, kOtherFlags | asked);  // Never the writeback cache.
  }
}

TEST(PassthroughTest, ExtendsSetxattrWhereTheKernelDoes) {
  for (const bool offered : {true, false}) {
    Passthrough passthrough(false, true);
    EXPECT_FALSE(passthrough.extends_setxattr());
    passthrough.init_request(header(), kernel_that_can(offered ? abi::kSetxattrExt : 0, 0));
    EXPECT_FALSE(passthrough.extends_setxattr());  // Not before the reply says so.
    abi::InitOut out = reply_of_libfuse();
    passthrough.patch_init_reply(out);
    EXPECT_EQ(passthrough.extends_setxattr(), offered);
    EXPECT_EQ((out.flags & abi::kSetxattrExt) != 0, offered);
  }
}

// The reply of libfuse as the session's writev hook sees it, each time with one mistake.
TEST(PassthroughTest, KnowsTheOneReplyToInit) {
  abi::OutHeader reply = {sizeof(abi::OutHeader) + sizeof(abi::InitOut), 0, kUnique};
  abi::InitOut out = reply_of_libfuse();
  iovec iov[2] = {{&reply, sizeof(reply)}, {&out, sizeof(out)}};
  Passthrough passthrough(true, true);
  EXPECT_FALSE(passthrough.is_init_reply(iov, 2));  // There was no request.
  passthrough.init_request(header(), kernel_that_can(abi::kInitExt, abi::kPassthrough2));
  EXPECT_TRUE(passthrough.is_init_reply(iov, 2));
  EXPECT_FALSE(passthrough.is_init_reply(iov, 1));
  reply.unique = kUnique + 1;
  EXPECT_FALSE(passthrough.is_init_reply(iov, 2));
  reply.unique = kUnique;
  reply.error = -EPROTO;
  EXPECT_FALSE(passthrough.is_init_reply(iov, 2));
  reply.error = 0;
  iov[1].iov_len = 24;  // An old kernel's.
  EXPECT_FALSE(passthrough.is_init_reply(iov, 2));
  iov[1].iov_len = sizeof(out);
  iov[0].iov_len = sizeof(reply) - 1;
  EXPECT_FALSE(passthrough.is_init_reply(iov, 2));
  iov[0].iov_len = sizeof(reply);
  EXPECT_TRUE(passthrough.is_init_reply(iov, 2));
  passthrough.patch_init_reply(out);
  EXPECT_FALSE(passthrough.is_init_reply(iov, 2));  // Only once: ids come again.
}

TEST(PassthroughTest, AFileThatCannotBeRegisteredGoesThroughRequests) {
  Passthrough passthrough(true, true);
  const Fd file(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_EQ(passthrough.open(file.get()), 0);  // No session.
  passthrough.set_session(file.get());
  EXPECT_EQ(passthrough.open(file.get()), 0);  // Not a FUSE device.
  EXPECT_TRUE(passthrough.active());           // Other files may do better.
  passthrough.close(1);
}

}  // namespace
}  // namespace vexfs::fs
