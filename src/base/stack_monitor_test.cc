// Tests of StackMonitor: known depths are measured, too little stack is refused.
#include "base/stack_monitor.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/limits.h"
#include "base/thread.h"

namespace vexfs {
namespace {

constexpr uint32_t kSlackBytes = 512;  // Frames between the handler's and the bytes it writes.

// Writes `Bytes` of its frame. The barrier keeps the array, and the frame, from being optimised
// away.
template <size_t Bytes>
[[gnu::noinline]] void use_stack() {
  char bytes[Bytes];
  std::memset(bytes, 1, Bytes);
  asm volatile("" : : "r"(bytes) : "memory");
}

// One request, as a request loop makes it: the handler's frame lies below the loop's.
[[gnu::noinline]] bool handle(uint32_t operation, void (*work)()) {
  if (!StackMonitor::probe_enter(operation, __builtin_frame_address(0))) return false;
  work();
  return true;
}

[[gnu::noinline]] void request(uint32_t operation, void (*work)()) {
  StackMonitor::probe_begin();
  EXPECT_TRUE(handle(operation, work));
  StackMonitor::probe_end();
}

void on_thread(size_t stack_bytes, uint32_t measure_every, void (*run)(void*)) {
  Result<Thread> thread = Thread::start(
      {.name = "probe", .stack_bytes = stack_bytes, .measure_every = measure_every}, run, nullptr);
  ASSERT_TRUE(thread.ok()) << thread.status().what();
  thread.value().join();
}

class StackMonitorTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!StackMonitor::kEnabled) GTEST_SKIP() << "nothing is measured in sanitizer builds";
  }
};

void expect_depth(uint32_t operation, uint32_t bytes) {
  EXPECT_GE(StackMonitor::high_water_bytes(operation), bytes);
  EXPECT_LE(StackMonitor::high_water_bytes(operation), bytes + kSlackBytes);
}

TEST_F(StackMonitorTest, MeasuresFromTheHandlerToTheDeepestByte) {
  on_thread(65536, 1, [](void*) {
    request(0, use_stack<1024>);
    request(1, use_stack<4096>);
    request(2, use_stack<10000>);
  });
  expect_depth(0, 1024);
  expect_depth(1, 4096);
  expect_depth(2, 10000);
}

TEST_F(StackMonitorTest, KeepsTheHighestOfManyRequests) {
  on_thread(65536, 1, [](void*) {
    request(3, use_stack<3000>);
    request(3, use_stack<6000>);
    request(3, use_stack<1000>);
  });
  expect_depth(3, 6000);
}

TEST_F(StackMonitorTest, AnUnmeasuredRequestLeavesNoTraceInTheNext) {
  on_thread(65536, 2, [](void*) {
    request(4, use_stack<1024>);  // Measured.
    request(5, use_stack<9000>);  // Not measured, and deeper.
    request(6, use_stack<1024>);  // Measured: must not see what the one before left.
  });
  expect_depth(4, 1024);
  EXPECT_EQ(StackMonitor::high_water_bytes(5), 0u);
  expect_depth(6, 1024);
}

// A request whose dispatcher goes deep before it calls the handler, as libfuse does when its first
// allocation in a thread makes an arena.
[[gnu::noinline]] void request_of_a_deep_dispatcher(uint32_t operation) {
  StackMonitor::probe_begin();
  use_stack<8192>();
  EXPECT_TRUE(handle(operation, use_stack<64>));
  StackMonitor::probe_end();
}

TEST_F(StackMonitorTest, WhatTheDispatcherUsedIsNotTheHandlers) {
  on_thread(65536, 1, [](void*) { request_of_a_deep_dispatcher(20); });
  EXPECT_LE(StackMonitor::high_water_bytes(20), 64 + 2 * kSlackBytes);
}

TEST_F(StackMonitorTest, MeasuresOneInN) {
  on_thread(65536, 3, [](void*) {
    for (uint32_t operation = 7; operation < 14; ++operation) request(operation, use_stack<512>);
  });
  for (uint32_t operation = 7; operation < 14; ++operation) {
    EXPECT_EQ(StackMonitor::high_water_bytes(operation) != 0, (operation - 7) % 3 == 0)
        << operation;
  }
}

TEST_F(StackMonitorTest, MeasuresNothingWhenTold) {
  on_thread(65536, 0, [](void*) { request(14, use_stack<2048>); });
  EXPECT_EQ(StackMonitor::high_water_bytes(14), 0u);
}

TEST_F(StackMonitorTest, ClipsAtTheWindow) {
  on_thread(131072, 1, [](void*) { request(15, use_stack<60000>); });
  EXPECT_GE(StackMonitor::high_water_bytes(15), limits::kStackWindowBytes - kSlackBytes);
  EXPECT_LE(StackMonitor::high_water_bytes(15), limits::kStackWindowBytes + kSlackBytes);
}

TEST_F(StackMonitorTest, AShallowDepthIsRoundedUpByTheBlindZoneAtMost) {
  on_thread(65536, 1, [](void*) { request(16, [] {}); });
  EXPECT_LE(StackMonitor::high_water_bytes(16), StackMonitor::kBlindBytes + kSlackBytes);
}

TEST_F(StackMonitorTest, TheSmallestStackHoldsTheBudgetAndMeasuresIt) {
  on_thread(limits::kThreadStackBytesMin, 1,
            [](void*) { request(17, use_stack<limits::kRequestStackBytes - kSlackBytes>); });
  expect_depth(17, limits::kRequestStackBytes - kSlackBytes);
}

// Descends until less than the red zone is left; the answer there must be "no".
[[gnu::noinline]] bool enter_below(size_t bytes) {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  return StackMonitor::probe_enter(18, here - bytes);
}

TEST_F(StackMonitorTest, RefusesBelowTheRedZoneAndCounts) {
  const uint64_t before = StackMonitor::refused();
  on_thread(65536, 1, [](void*) {
    StackMonitor::probe_begin();
    EXPECT_TRUE(enter_below(65536 / 2));
    EXPECT_FALSE(enter_below(65536 - limits::kStackRedZoneBytes));
    EXPECT_FALSE(enter_below(65536));  // Below the stack itself.
    StackMonitor::probe_end();
  });
  EXPECT_EQ(StackMonitor::refused(), before + 2);
}

TEST_F(StackMonitorTest, AThreadThatIsNotAttachedIsAdmittedAndIgnored) {
  StackMonitor::probe_begin();
  EXPECT_TRUE(StackMonitor::probe_enter(19, nullptr));
  use_stack<2048>();
  StackMonitor::probe_end();
  EXPECT_EQ(StackMonitor::high_water_bytes(19), 0u);
}

TEST_F(StackMonitorTest, OperationsOutOfRangeAreIgnored) {
  on_thread(65536, 1, [](void*) { request(StackMonitor::kOperationsMax, use_stack<2048>); });
  EXPECT_EQ(StackMonitor::high_water_bytes(StackMonitor::kOperationsMax), 0u);
}

TEST(StackMonitorSanitizedTest, AdmitsEverythingWhereNothingIsMeasured) {
  if (StackMonitor::kEnabled) GTEST_SKIP() << "this build measures";
  on_thread(65536, 1, [](void*) {
    EXPECT_TRUE(enter_below(size_t{1} << 30));
    request(20, use_stack<2048>);
  });
  EXPECT_EQ(StackMonitor::high_water_bytes(20), 0u);
  EXPECT_EQ(StackMonitor::refused(), 0u);
}

}  // namespace
}  // namespace vexfs
