// At most so many, used again, and waited for.
#include "engine/space/search_scratches.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace vexfs::engine {
namespace {

TEST(SearchScratches, TheLastOneIsUsedAgain) {
  SearchScratches scratches;
  const Slot* slots;
  {
    auto lease = scratches.lease();
    ASSERT_TRUE(lease.ok());
    slots = lease.value()->slots.get();
  }
  auto again = scratches.lease();
  EXPECT_EQ(again.value()->slots.get(), slots);
}

TEST(SearchScratches, OneTooManyWaits) {
  SearchScratches scratches;
  std::vector<SearchScratches::Lease> leases;
  for (uint32_t i = 0; i < limits::kSearchesMax; ++i) {
    auto lease = scratches.lease();
    ASSERT_TRUE(lease.ok());
    leases.push_back(std::move(lease.value()));
  }
  std::atomic<bool> got{false};
  std::thread waiter([&] {
    auto lease = scratches.lease();
    EXPECT_TRUE(lease.ok());
    got = true;
  });
  EXPECT_FALSE(got);
  leases.pop_back();
  waiter.join();
  EXPECT_TRUE(got);
}

}  // namespace
}  // namespace vexfs::engine
