// Tests of the replies that carry attributes: every field, and what may be cached.
#include "fs/backing/attributes.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>

namespace vexfs::fs {
namespace {

Entry sample() {
  Entry entry = {};
  entry.info.node = NodeId{77};
  entry.info.generation = 5;
  entry.stat.st_ino = 1234567890123ULL;
  entry.stat.st_size = 1LL << 40;
  entry.stat.st_blocks = 8;
  entry.stat.st_atim = {1, 10};
  entry.stat.st_mtim = {2, 20};
  entry.stat.st_ctim = {-3, 999999999};  // Before 1970.
  entry.stat.st_mode = S_IFREG | 04751;
  entry.stat.st_nlink = 3;
  entry.stat.st_uid = 1000;
  entry.stat.st_gid = 4294967294U;
  entry.stat.st_rdev = 0x103;
  entry.stat.st_blksize = 4096;
  return entry;
}

TEST(AttributesTest, AFileOpenForWritingIsNotCached) {
  const Timeouts timeouts = {1.0, 2.5, 0.0};
  NodeInfo info;
  EXPECT_EQ(attribute_timeout(info, timeouts), 2.5);
  info.open = true;
  EXPECT_EQ(attribute_timeout(info, timeouts), 2.5);
  info.open_for_write = true;
  EXPECT_EQ(attribute_timeout(info, timeouts), 0.0);
}

TEST(AttributesTest, EveryFieldReachesTheKernelsStruct) {
  const fuse_entry_param reply = entry_reply(sample(), {1.25, 2.5, 0.0});
  EXPECT_EQ(reply.ino, 77U);
  EXPECT_EQ(reply.generation, 5U);
  fuse_entry_out out;
  std::memset(&out, 0xa5, sizeof(out));  // Nothing may be left as it was.
  fill_entry_out(reply, out);
  EXPECT_EQ(out.nodeid, 77U);
  EXPECT_EQ(out.generation, 5U);
  EXPECT_EQ(out.entry_valid, 1U);
  EXPECT_EQ(out.entry_valid_nsec, 250000000U);
  EXPECT_EQ(out.attr_valid, 2U);
  EXPECT_EQ(out.attr_valid_nsec, 500000000U);
  EXPECT_EQ(out.attr.ino, 1234567890123ULL);
  EXPECT_EQ(out.attr.size, 1ULL << 40);
  EXPECT_EQ(out.attr.blocks, 8U);
  EXPECT_EQ(out.attr.atime, 1U);
  EXPECT_EQ(out.attr.atimensec, 10U);
  EXPECT_EQ(out.attr.mtime, 2U);
  EXPECT_EQ(out.attr.mtimensec, 20U);
  EXPECT_EQ(static_cast<int64_t>(out.attr.ctime), -3);
  EXPECT_EQ(out.attr.ctimensec, 999999999U);
  EXPECT_EQ(out.attr.mode, static_cast<uint32_t>(S_IFREG | 04751));
  EXPECT_EQ(out.attr.nlink, 3U);
  EXPECT_EQ(out.attr.uid, 1000U);
  EXPECT_EQ(out.attr.gid, 4294967294U);
  EXPECT_EQ(out.attr.rdev, 0x103U);
  EXPECT_EQ(out.attr.blksize, 4096U);
  EXPECT_EQ(out.attr.flags, 0U);
}

}  // namespace
}  // namespace vexfs::fs
