// What may be offered when, what can be cut off, what can be punched.
#include "engine/space/freed_slots.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace vexfs::engine {
namespace {

std::vector<uint32_t> offered(FreedSlots& freed, store::ChangeNumber durable, size_t room = 99) {
  std::vector<uint32_t> slots;
  freed.offer(durable, [&](Slot slot) {
    if (slots.size() == room) return false;
    slots.push_back(static_cast<uint32_t>(slot));
    return true;
  });
  return slots;
}

using Slots = std::vector<uint32_t>;

TEST(FreedSlots, AreOfferedOnceTheirFreeingIsDurable) {
  FreedSlots freed;
  freed.let_go(Slot{5}, 10);
  freed.let_go(Slot{6}, 12);
  EXPECT_EQ(offered(freed, 9), Slots{});
  EXPECT_EQ(offered(freed, 11), Slots{5});
  EXPECT_EQ(offered(freed, 20), Slots{6});
  EXPECT_EQ(offered(freed, 20), Slots{});
}

TEST(FreedSlots, AreOfferedAgainWhenThereWasNoRoom) {
  FreedSlots freed;
  for (uint32_t slot = 0; slot < 4; ++slot) freed.let_go(Slot{slot}, 1);
  EXPECT_EQ(offered(freed, 1, 3), (Slots{0, 1, 2}));
  EXPECT_EQ(offered(freed, 1, 3), (Slots{3}));
}

TEST(FreedSlots, OneThatIsInUseIsNotOffered) {
  FreedSlots freed;
  freed.let_go(Slot{5}, 10);
  freed.let_go(Slot{5}, 10);
  freed.taken(Slot{5});
  EXPECT_EQ(offered(freed, 20), Slots{});
  freed.taken(Slot{77});
}

TEST(FreedSlots, TheEnd) {
  FreedSlots freed;
  EXPECT_EQ(freed.unused_before(10), 0U);
  for (const uint32_t slot : {2U, 7U, 8U, 9U}) freed.let_go(Slot{slot}, 1);
  EXPECT_EQ(freed.unused_before(10), 3U);
  EXPECT_EQ(freed.unused_before(11), 0U);
  EXPECT_EQ(freed.unused_before(3), 1U);
  freed.taken(Slot{8});
  EXPECT_EQ(freed.unused_before(10), 1U);
}

TEST(FreedSlots, RunsArePunchedOnce) {
  FreedSlots freed;
  for (uint32_t slot = 100; slot < 300; ++slot) freed.let_go(Slot{slot}, 1);
  freed.let_go(Slot{5}, 1);
  freed.taken(Slot{200});
  EXPECT_TRUE(freed.anything_to_punch());
  std::array<FreedSlots::Run, 8> runs;
  ASSERT_EQ(freed.runs(0, 1000, runs), 3U);
  EXPECT_EQ(runs[0].first, 5U);
  EXPECT_EQ(runs[0].count, 1U);
  EXPECT_EQ(runs[1].first, 100U);
  EXPECT_EQ(runs[1].count, 100U);
  EXPECT_EQ(runs[2].first, 201U);
  EXPECT_EQ(runs[2].count, 99U);
  ASSERT_EQ(freed.runs(0, 150, runs), 2U);
  EXPECT_EQ(runs[1].count, 50U);
  EXPECT_EQ(freed.runs(0, 1000, std::span(runs).first(1)), 1U);
  ASSERT_EQ(freed.runs(150, 1000, runs), 2U);
  EXPECT_EQ(runs[0].first, 150U);
  freed.punched({5, 1});
  freed.punched({100, 200});
  EXPECT_FALSE(freed.anything_to_punch());
  EXPECT_EQ(freed.runs(0, 1000, runs), 0U);
  freed.taken(Slot{120});
  EXPECT_FALSE(freed.anything_to_punch());
  freed.let_go(Slot{120}, 2);
  EXPECT_EQ(freed.runs(0, 1000, runs), 1U);
}

TEST(FreedSlots, WhatWasCutOffIsNotPunched) {
  FreedSlots freed;
  for (const uint32_t slot : {3U, 8U, 200U}) freed.let_go(Slot{slot}, 1);
  freed.cut(8);
  std::array<FreedSlots::Run, 8> runs;
  ASSERT_EQ(freed.runs(0, 1000, runs), 1U);
  EXPECT_EQ(runs[0].first, 3U);
  freed.punched(runs[0]);
  EXPECT_FALSE(freed.anything_to_punch());
}

}  // namespace
}  // namespace vexfs::engine
