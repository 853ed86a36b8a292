// Tests that every function of the allocator counts.
#include "base/testing/allocation_count.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

namespace vexfs {
namespace {

template <typename Body>
uint64_t allocations(Body body) {
  const uint64_t before = allocations_of_this_thread();
  body();
  return allocations_of_this_thread() - before;
}

// Hides a pointer from the compiler, which may otherwise remove pairs of malloc and free.
void release(void* memory) {
  void* volatile hidden = memory;
  std::free(hidden);
}

class AllocationCount : public testing::Test {
 protected:
  void SetUp() override {
    if (!kCountsAllocations) GTEST_SKIP() << "the sanitizer's allocator is not counted";
  }
};

TEST_F(AllocationCount, EveryDoorCounts) {
  volatile size_t bytes = 100;
  EXPECT_EQ(allocations([&] { release(std::malloc(bytes)); }), 1U);
  EXPECT_EQ(allocations([&] { release(std::calloc(bytes, 2)); }), 1U);
  EXPECT_EQ(allocations([&] { release(std::realloc(std::malloc(bytes), bytes * 2)); }), 2U);
  EXPECT_EQ(allocations([&] { release(std::aligned_alloc(64, 2 * 64)); }), 1U);
  EXPECT_EQ(allocations([&] {
              void* memory = nullptr;
              ASSERT_EQ(::posix_memalign(&memory, 64, bytes), 0);
              release(memory);
            }),
            1U);
  EXPECT_EQ(allocations([&] { const std::string text(bytes, 'x'); }), 1U);
}

TEST_F(AllocationCount, OtherThreadsDoNotCount) {
  EXPECT_EQ(allocations([] {
              volatile int nothing = 0;
              (void)nothing;
            }),
            0U);
  uint64_t theirs = 0;
  const auto body = [&theirs] { theirs = allocations([] { release(std::malloc(100)); }); };
  std::thread other(body);
  const uint64_t ours = allocations([&other] { other.join(); });
  EXPECT_EQ(theirs, 1U);
  EXPECT_EQ(ours, 0U);
}

}  // namespace
}  // namespace vexfs
