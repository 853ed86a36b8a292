// Tests of IdleThreads: threads idle, but not while someone waits.
#include "base/idle_threads.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace vexfs {
namespace {

TEST(IdleThreadsTest, IdleUnlessSomeoneWaits) {
  IdleThreads threads;
  std::thread([&] {
    const IdleThreads::Member member(threads);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_IDLE);
    threads.set_idle(false);
    // Only a process with the privilege may return to the normal policy.
    const int now = ::sched_getscheduler(0);
    EXPECT_TRUE(now == SCHED_OTHER || now == SCHED_IDLE);
    threads.set_idle(true);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_IDLE);
  }).join();
}

TEST(IdleThreadsTest, NobodyIdlesInAHurry) {
  IdleThreads threads;
  EXPECT_TRUE(threads.set_idle(true));
  threads.hurry();
  EXPECT_FALSE(threads.set_idle(true));
  std::thread([&] {
    const IdleThreads::Member member(threads);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
  }).join();
}

TEST(IdleThreadsTest, OneThatJoinsWhileSomeoneWaitsDoesNotIdle) {
  IdleThreads threads;
  threads.set_idle(false);
  std::thread([&] {
    const IdleThreads::Member member(threads);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
  }).join();
}

TEST(IdleThreadsTest, OneThatTakesLocksKeepsItsPolicy) {
  IdleThreads threads;
  std::thread([&] {
    IdleThreads::Member member(threads, IdleThreads::Policy::kNormal);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
    threads.set_idle(false);
    threads.set_idle(true);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
  }).join();
}

TEST(IdleThreadsTest, OneThatLeftIsLeftAlone) {
  IdleThreads threads;
  threads.set_idle(false);
  std::thread([&] {
    { const IdleThreads::Member member(threads); }
    threads.set_idle(true);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_OTHER);
  }).join();
}

TEST(IdleThreadsTest, OthersRanWhereTheThreadWaitedAndItsProcessDidNotRun) {
  using std::chrono::milliseconds;
  const IdleThreads::Times start = {.clock = milliseconds(100)};
  IdleThreads::Times now = {.clock = milliseconds(110),
                            .process_cpu = milliseconds(10),
                            .cpu = milliseconds(5),
                            .delay = milliseconds(5)};
  EXPECT_TRUE(IdleThreads::others_ran(start, now, 2));
  EXPECT_FALSE(IdleThreads::others_ran(start, now, 1)) << "its own process had the CPU";
  now.process_cpu = milliseconds(19);
  EXPECT_FALSE(IdleThreads::others_ran(start, now, 2)) << "and here both";
  now.process_cpu = milliseconds(10);
  now.delay = milliseconds(1);
  EXPECT_FALSE(IdleThreads::others_ran(start, now, 2)) << "it hardly waited";
}

TEST(IdleThreadsTest, NobodyRestsWhileSomeoneWaits) {
  IdleThreads threads;
  threads.set_idle(false);
  std::thread([&] {
    IdleThreads::Member member(threads);
    for (int i = 0; i < 1000; ++i) member.give_way();
  }).join();
}

}  // namespace
}  // namespace vexfs
