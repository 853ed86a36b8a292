// Tests of the mountinfo parser: the forms of proc(5), escapes, and malformed lines.
#include "fs/backing/mountinfo.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/fd.h"

namespace vexfs::fs {
namespace {

TEST(MountinfoTest, ReadsAllThreeFields) {
  const auto info = parse_mountinfo_line(
      "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - fuse.vexfs /srv/documents rw,user_id=0");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->id, 36U);
  EXPECT_EQ(info->parent, 35U);
  EXPECT_EQ(info->mountpoint, "/mnt2");
  EXPECT_EQ(info->type, "fuse.vexfs");
  EXPECT_EQ(info->source, "/srv/documents");
  EXPECT_EQ(info->options, "rw,noatime");
  EXPECT_EQ(info->super_options, "rw,user_id=0");
}

TEST(MountinfoTest, TakesAnyNumberOfOptionalFields) {
  for (const std::string optional : {"", "shared:7 ", "shared:7 master:1 propagate_from:2 "}) {
    const auto info = parse_mountinfo_line("1 2 0:3 / /a rw " + optional + "- ext4 /dev/x rw");
    ASSERT_TRUE(info.has_value()) << optional;
    EXPECT_EQ(info->type, "ext4");
    EXPECT_EQ(info->source, "/dev/x");
  }
}

TEST(MountinfoTest, ResolvesOctalEscapes) {
  const auto info =
      parse_mountinfo_line(R"(1 2 0:3 / /a\040b\134\011c\012 rw - fuse.vexfs /s\040t rw)");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->mountpoint, "/a b\\\tc\n");
  EXPECT_EQ(info->source, "/s t");
}

TEST(MountinfoTest, LeavesWhatIsNoEscape) {
  const auto info = parse_mountinfo_line(R"(1 2 0:3 / /a\04\x\089\ rw - t s rw)");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->mountpoint, R"(/a\04\x\089\)");
}

TEST(MountinfoTest, RefusesOtherLines) {
  for (const char* line :
       {"", " ", "1", "1 2 0:3", "1 2 0:3 / ", "1 2 0:3 / /a rw", "1 2 0:3 / /a rw -",
        "1  2 0:3 / /a rw - t s", "x 2 0:3 / /a rw - t s", "1 x 0:3 / /a rw - t s"}) {
    EXPECT_FALSE(parse_mountinfo_line(line).has_value()) << line;
  }
}

TEST(MountinfoTest, FindsTheMountsOfThisMachine) {
  EXPECT_FALSE(read_mountinfo().empty());
  const auto proc = mount_at("/proc");
  ASSERT_TRUE(proc.has_value());
  EXPECT_EQ(proc->type, "proc");
  EXPECT_FALSE(mount_at("/proc/").has_value());
  EXPECT_FALSE(mount_at("/no/such/place").has_value());
  EXPECT_EQ(mount_with_id(proc->id)->mountpoint, "/proc");
  const Fd root(::open("/proc", O_PATH | O_CLOEXEC));
  EXPECT_EQ(mount_id_of(root.get()), proc->id);
  EXPECT_EQ(mount_id_of(-1), 0U);
}

}  // namespace
}  // namespace vexfs::fs
