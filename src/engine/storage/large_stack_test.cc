// The work runs once, elsewhere, with room.
#include "engine/storage/large_stack.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

TEST(LargeStack, RunsThereAndWaits) {
  std::thread::id there;
  int runs = 0;
  ASSERT_TRUE(on_large_stack([&] {
                volatile char room[limits::kLargeStackBytes / 2];
                for (size_t i = 0; i < sizeof room; i += 512) room[i] = 1;
                runs += room[0];
                there = std::this_thread::get_id();
              }).ok());
  EXPECT_EQ(runs, 1);
  EXPECT_NE(there, std::this_thread::get_id());
}

}  // namespace
}  // namespace vexfs::engine
