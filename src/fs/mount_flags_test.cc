// Tests of the words for mount flags: each with its opposite, and what excludes what.
#include "fs/mount_flags.h"

#include <gtest/gtest.h>
#include <sys/mount.h>

#include <utility>

namespace vexfs::fs {
namespace {

unsigned long flags_of(std::string_view list, unsigned long before = 0) {
  apply_mount_flags(list, before);
  return before;
}

TEST(MountFlagsTest, EachWordHasItsOpposite) {
  using Pair = std::pair<const char*, const char*>;
  for (const auto& [sets, clears] :
       {Pair("ro", "rw"), Pair("nosuid", "suid"), Pair("nodev", "dev"), Pair("noexec", "exec"),
        Pair("sync", "async"), Pair("noatime", "atime"), Pair("relatime", "norelatime"),
        Pair("strictatime", "nostrictatime"), Pair("nodiratime", "diratime"),
        Pair("lazytime", "nolazytime"), Pair("nosymfollow", "symfollow"), Pair("silent", "loud")}) {
    const unsigned long set = flags_of(sets);
    EXPECT_NE(set, 0U) << sets;
    EXPECT_EQ(flags_of(clears, set), 0U) << clears;
  }
  EXPECT_EQ(flags_of("dirsync"), static_cast<unsigned long>(MS_DIRSYNC));
}

TEST(MountFlagsTest, AccessTimesAreKeptInOneWay) {
  EXPECT_EQ(flags_of("noatime,relatime"), static_cast<unsigned long>(MS_RELATIME));
  EXPECT_EQ(flags_of("relatime,strictatime"), static_cast<unsigned long>(MS_STRICTATIME));
  EXPECT_EQ(flags_of("strictatime,noatime"), static_cast<unsigned long>(MS_NOATIME));
}

TEST(MountFlagsTest, OtherWordsChangeNothing) {
  unsigned long flags = MS_NODEV;
  for (const char* word : {"", "remount", "user_id=0", "allow_other", "RO", "ro "}) {
    EXPECT_FALSE(apply_mount_flag(word, flags)) << word;
  }
  EXPECT_EQ(flags, static_cast<unsigned long>(MS_NODEV));
  EXPECT_EQ(flags_of(",user_id=0,,ro,max_read=1,"), static_cast<unsigned long>(MS_RDONLY));
}

}  // namespace
}  // namespace vexfs::fs
