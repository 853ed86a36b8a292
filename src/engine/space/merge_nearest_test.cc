// Order, duplicates and room.
#include "engine/space/merge_nearest.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vexfs::engine {
namespace {

using index::Neighbor;

std::vector<Neighbor> merged(const std::vector<Neighbor>& a, const std::vector<Neighbor>& b,
                             size_t room) {
  std::vector<Neighbor> out(room);
  out.resize(merge_nearest(a, b, out));
  return out;
}

std::vector<uint32_t> slots(const std::vector<Neighbor>& list) {
  std::vector<uint32_t> numbers;
  for (const Neighbor& one : list) numbers.push_back(static_cast<uint32_t>(one.slot));
  return numbers;
}

TEST(MergeNearest, OneIsEmpty) {
  const std::vector<Neighbor> some = {{Slot{4}, 0.5F}, {Slot{2}, 0.7F}};
  EXPECT_EQ(slots(merged(some, {}, 5)), (std::vector<uint32_t>{4, 2}));
  EXPECT_EQ(slots(merged({}, some, 5)), (std::vector<uint32_t>{4, 2}));
  EXPECT_TRUE(merged({}, {}, 5).empty());
}

TEST(MergeNearest, InOrderAndNoMoreThanThereIsRoom) {
  const std::vector<Neighbor> a = {{Slot{1}, 0.1F}, {Slot{5}, 0.5F}};
  const std::vector<Neighbor> b = {{Slot{3}, 0.3F}, {Slot{7}, 0.7F}};
  EXPECT_EQ(slots(merged(a, b, 9)), (std::vector<uint32_t>{1, 3, 5, 7}));
  EXPECT_EQ(slots(merged(a, b, 3)), (std::vector<uint32_t>{1, 3, 5}));
}

TEST(MergeNearest, ASlotInBothComesOnceAlsoAmongTies) {
  const std::vector<Neighbor> a = {{Slot{1}, 0.5F}, {Slot{2}, 0.5F}, {Slot{9}, 0.5F}};
  const std::vector<Neighbor> b = {{Slot{0}, 0.5F}, {Slot{2}, 0.5F}, {Slot{9}, 0.5F}};
  EXPECT_EQ(slots(merged(a, b, 9)), (std::vector<uint32_t>{0, 1, 2, 9}));
}

TEST(MergeNearest, ZeroHasASign) {
  const std::vector<Neighbor> a = {{Slot{9}, -0.0F}, {Slot{3}, 0.0F}};
  const std::vector<Neighbor> b = {{Slot{3}, 0.0F}};
  EXPECT_EQ(slots(merged(a, b, 9)), (std::vector<uint32_t>{9, 3}));
}

}  // namespace
}  // namespace vexfs::engine
