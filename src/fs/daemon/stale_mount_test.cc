// Tests of what needs no dead mount: mounts of other types stay, and errors are the kernel's. Dead
// mounts are tested in tests/e2e.
#include "fs/daemon/stale_mount.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/testing/temporary_directory.h"
#include "fs/backing/mountinfo.h"

namespace vexfs::fs {
namespace {

TEST(StaleMountTest, PlacesWithoutAMountAreLeftAlone) {
  EXPECT_TRUE(clear_stale_mounts(testing::TempDir()).ok());
  EXPECT_TRUE(clear_stale_mounts("/no/such/place").ok());
  EXPECT_TRUE(clear_stale_mounts("").ok());
}

TEST(StaleMountTest, AMountOfAnotherTypeStays) {
  ASSERT_TRUE(mount_at("/proc").has_value());
  EXPECT_TRUE(clear_stale_mounts("/proc").ok());
  ASSERT_TRUE(mount_at("/proc").has_value());
  EXPECT_EQ(mount_at("/proc")->type, "proc");
}

TEST(StaleMountTest, OnlyAMountCanBeUnmounted) {
  const TemporaryDirectory directory;
  const std::string& made = directory.path();
  for (const bool lazily : {false, true}) {
    EXPECT_FALSE(unmount(made, lazily).ok());
    EXPECT_FALSE(unmount(made + "/absent", lazily).ok());
  }
  struct stat stat;
  EXPECT_EQ(::stat(made.c_str(), &stat), 0);
}

}  // namespace
}  // namespace vexfs::fs
