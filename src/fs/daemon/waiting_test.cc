// No wait here takes time.
#include "fs/daemon/waiting.h"

#include <gtest/gtest.h>

namespace vexfs::fs {
namespace {

TEST(WaitingTest, EndsWithItsTime) {
  Waiting over(0);
  EXPECT_FALSE(over.goes_on("the end"));
  Waiting day(24 * 60 * 60);
  EXPECT_TRUE(day.goes_on("tomorrow"));
}

}  // namespace
}  // namespace vexfs::fs
