// Tests of what needs no dead mount: mounts of other types stay. Dead mounts are tested in
// tests/e2e.
#include "fs/daemon/stale_mount.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace vexfs::fs
