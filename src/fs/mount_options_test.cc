// Tests of the option parser: every option, its bounds, and the words of fstab.
#include "fs/mount_options.h"

#include <gtest/gtest.h>

namespace vexfs::fs {
namespace {

struct Parsed {
  MountOptions options;
  Status status;
  std::string bad;
};

Parsed parse(std::string_view list) {
  Parsed parsed;
  parsed.status = parse_mount_options(list, parsed.options, parsed.bad);
  return parsed;
}

TEST(MountOptionsTest, NothingChangesNothing) {
  for (const char* list : {"", ",", ",,,", "defaults", "rw,auto,nofail,_netdev"}) {
    const Parsed parsed = parse(list);
    EXPECT_TRUE(parsed.status.ok()) << list;
    EXPECT_FALSE(parsed.options.read_only);
    EXPECT_FALSE(parsed.options.allow_other.has_value());
    EXPECT_EQ(parsed.options.kernel, "");
    EXPECT_EQ(parsed.options.subtype, "vexfs");
    EXPECT_TRUE(parsed.options.passthrough);
  }
}

TEST(MountOptionsTest, EveryOptionArrives) {
  const Parsed parsed = parse(
      "ro,allow_other,auto_unmount,remote_locks,fsname=docs,subtype=mine,attr_timeout=0.5,"
      "entry_timeout=2,negative_timeout=0,passthrough=off,wakeup=off,max_threads=3,thread_stack="
      "16384,"
      "stack_measure_every=0,store_wait=7,noatime,nosuid");
  ASSERT_TRUE(parsed.status.ok()) << parsed.bad;
  const MountOptions& options = parsed.options;
  EXPECT_TRUE(options.read_only);
  EXPECT_EQ(options.allow_other, true);
  EXPECT_TRUE(options.remote_locks);
  EXPECT_TRUE(options.auto_unmount);
  EXPECT_EQ(options.fsname, "docs");
  EXPECT_EQ(options.subtype, "mine");
  EXPECT_EQ(options.attribute_timeout, 0.5);
  EXPECT_EQ(options.entry_timeout, 2.0);
  EXPECT_EQ(options.negative_timeout, 0.0);
  EXPECT_FALSE(options.passthrough);
  EXPECT_FALSE(options.quick_wakeups);
  EXPECT_EQ(options.threads, 3U);
  EXPECT_EQ(options.thread_stack_bytes, 16384U);
  EXPECT_EQ(options.measure_stack_every, 0U);
  EXPECT_EQ(options.store_wait_seconds, 7U);
  EXPECT_EQ(options.kernel, "noatime,nosuid");
  EXPECT_EQ(options.flags, "ro,noatime,nosuid");
}

TEST(MountOptionsTest, TheLastOneCounts) {
  Parsed parsed = parse("ro,rw,allow_other,noallow_other,passthrough=off,passthrough=auto");
  EXPECT_TRUE(parsed.status.ok());
  EXPECT_FALSE(parsed.options.read_only);
  EXPECT_EQ(parsed.options.allow_other, false);
  EXPECT_TRUE(parsed.options.passthrough);
  EXPECT_TRUE(parse_mount_options("ro", parsed.options, parsed.bad).ok());
  EXPECT_TRUE(parsed.options.read_only);
}

TEST(MountOptionsTest, NotesForOtherProgramsAreSkipped) {
  EXPECT_TRUE(parse("x-systemd.automount,x-gvfs-name=My Files,comment=any").status.ok());
}

TEST(MountOptionsTest, NamesTheOptionThatIsWrong) {
  for (const std::string bad : {"colour",
                                "=",
                                "=1",
                                "ro=1",
                                "max_threads",
                                "max_threads=",
                                "max_threads=0",
                                "max_threads=65",
                                "max_threads=-1",
                                "max_threads=99999999999999999999",
                                "max_threads=3x",
                                "thread_stack=8192",
                                "thread_stack=16385",
                                "thread_stack=1000000000000",
                                "attr_timeout=-1",
                                "attr_timeout=nan",
                                "attr_timeout=1e3",
                                "attr_timeout=",
                                "entry_timeout=abc",
                                "passthrough=yes",
                                "passthrough=",
                                "wakeup=1",
                                "fsname=",
                                "fsname=a\\b",
                                "subtype=",
                                "stack_measure_every=-1",
                                "RO"}) {
    const Parsed parsed = parse("ro," + bad + ",noatime");
    EXPECT_FALSE(parsed.status.ok()) << bad;
    EXPECT_EQ(parsed.bad, bad);
  }
}

TEST(MountOptionsTest, AListHasABound) {
  EXPECT_EQ(parse(std::string(4097, ',')).status.error(), E2BIG);
  EXPECT_TRUE(parse(std::string(4096, ',')).status.ok());
}

}  // namespace
}  // namespace vexfs::fs
