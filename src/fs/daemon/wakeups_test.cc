// Tests of Wakeups: the latency that the kernel reports as in force, and that nothing happens
// without the device.
#include "fs/daemon/wakeups.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace vexfs::fs {
namespace {

// The least latency that anyone on this machine asks for, in microseconds; -1 when unknown.
int latency_in_force() {
  const Fd device(::open("/dev/cpu_dma_latency", O_RDONLY | O_CLOEXEC));
  int microseconds = -1;
  if (!device.valid() || ::read(device.get(), &microseconds, sizeof(int)) != sizeof(int)) return -1;
  return microseconds;
}

TEST(WakeupsTest, WithoutTheDeviceNothingIsHeld) {
  Wakeups wakeups;
  EXPECT_FALSE(wakeups.enabled());
  wakeups.hold();
  EXPECT_FALSE(wakeups.holding());
  wakeups.release();
  EXPECT_FALSE(wakeups.holding());
}

TEST(WakeupsTest, HoldingAsksForCpusThatWakeAtOnce) {
  Wakeups wakeups;
  wakeups.enable();
  if (!wakeups.enabled()) GTEST_SKIP() << "/dev/cpu_dma_latency cannot be opened";
  EXPECT_FALSE(wakeups.holding());
  for (int round = 0; round < 2; ++round) {
    wakeups.hold();
    wakeups.hold();
    EXPECT_TRUE(wakeups.holding());
    EXPECT_EQ(latency_in_force(), 0);  // Whatever others ask for, it is not less.
    wakeups.release();
    wakeups.release();
    EXPECT_FALSE(wakeups.holding());
  }
}

}  // namespace
}  // namespace vexfs::fs
