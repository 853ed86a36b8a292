// Tests of SlotBitmap: membership, counts, order.
#include "engine/space/slot_bitmap.h"

#include <gtest/gtest.h>

#include <vector>

namespace vexfs::engine {
namespace {

TEST(SlotBitmapTest, AddsAndRemoves) {
  SlotBitmap bitmap;
  EXPECT_FALSE(bitmap.has(Slot{0}));
  for (const uint32_t slot : {5u, 64u, 63u, 5u, 1000u}) bitmap.add(Slot{slot});
  EXPECT_EQ(bitmap.matches(), 4u);
  EXPECT_TRUE(bitmap.has(Slot{63}));
  EXPECT_TRUE(bitmap.has(Slot{1000}));
  EXPECT_FALSE(bitmap.has(Slot{1001}));
  EXPECT_FALSE(bitmap.has(kNoSlot));
  bitmap.remove(Slot{63});
  bitmap.remove(Slot{63});
  bitmap.remove(kNoSlot);
  EXPECT_EQ(bitmap.matches(), 3u);
  EXPECT_FALSE(bitmap.has(Slot{63}));
}

TEST(SlotBitmapTest, VisitsInOrder) {
  SlotBitmap bitmap;
  for (const uint32_t slot : {200u, 0u, 64u, 63u}) bitmap.add(Slot{slot});
  std::vector<uint32_t> visited;
  bitmap.for_each([&](Slot slot) {
    visited.push_back(static_cast<uint32_t>(slot));
    return visited.size() < 3;
  });
  EXPECT_EQ(visited, (std::vector<uint32_t>{0, 63, 64}));
}

TEST(SlotBitmapTest, IsWhatASearchTakes) {
  SlotBitmap bitmap;
  bitmap.add(Slot{70});
  const index::SlotFilter filter = bitmap.filter();
  EXPECT_EQ(filter.matches, 1u);
  EXPECT_TRUE(filter.passes(Slot{70}));
  EXPECT_FALSE(filter.passes(Slot{71}));
  EXPECT_FALSE(filter.passes(Slot{7000}));
}

}  // namespace
}  // namespace vexfs::engine
