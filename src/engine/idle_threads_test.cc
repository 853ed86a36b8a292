// Threads idle, but not while someone waits.
#include "engine/idle_threads.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace vexfs::engine {
namespace {

TEST(IdleThreadsTest, IdleUnlessSomeoneWaits) {
  IdleThreads threads;
  std::thread([&] {
    threads.join();
    EXPECT_EQ(::sched_getscheduler(0), SCHED_IDLE);
    threads.set_idle(false);
    // Back to normal is for those who may.
    const int now = ::sched_getscheduler(0);
    EXPECT_TRUE(now == SCHED_OTHER || now == SCHED_IDLE);
    threads.set_idle(true);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_IDLE);
  }).join();
}

}  // namespace
}  // namespace vexfs::engine
