// Slots are given out lowest first, come back, and end where the space was cut.
#include "store/space_slots.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace vexfs::store {
namespace {

TEST(SpaceSlotsTest, GivesOutTheEndAndTheLowestOffered) {
  SpaceSlots slots(3);
  EXPECT_EQ(slots.take().value(), Slot{3});
  EXPECT_EQ(slots.take().value(), Slot{4});
  EXPECT_TRUE(slots.is_taken(Slot{3}));
  EXPECT_FALSE(slots.is_taken(Slot{2}));
  EXPECT_EQ(slots.taken_end(), 5U);
  slots.put(Slot{4});
  EXPECT_FALSE(slots.is_taken(Slot{4}));
  slots.set_rows_end(5);
  for (const uint32_t slot : {2U, 0U, 1U}) ASSERT_TRUE(slots.offer(Slot{slot}).ok());
  ASSERT_TRUE(slots.offer(Slot{3}).ok()) << "taken, and given back";
  EXPECT_EQ(slots.taken_end(), 0U);
  for (const uint32_t slot : {0U, 1U, 2U, 3U, 5U}) EXPECT_EQ(slots.take().value(), Slot{slot});
}

TEST(SpaceSlotsTest, ForgetsWhatIsPastItsEnd) {
  SpaceSlots slots(10);
  for (uint32_t slot = 0; slot < 10; ++slot) ASSERT_TRUE(slots.offer(Slot{slot}).ok());
  slots.shrink(2);
  EXPECT_EQ(slots.end(), 2U);
  EXPECT_EQ(slots.rows_end(), 2U);
  for (const uint32_t slot : {0U, 1U, 2U}) EXPECT_EQ(slots.take().value(), Slot{slot});
}

TEST(SpaceSlotsTest, IsBounded) {
  SpaceSlots slots(limits::kSlotsMax - 1);
  EXPECT_EQ(slots.take().value(), Slot{limits::kSlotsMax - 1});
  EXPECT_EQ(slots.take().error(), ENOSPC);
  for (uint32_t slot = 0; slot < limits::kOfferedSlotsMax; ++slot) {
    ASSERT_TRUE(slots.offer(Slot{slot}).ok());
  }
  EXPECT_EQ(slots.offer(Slot{limits::kSlotsMax - 1}).error(), ENOSPC);
  EXPECT_FALSE(slots.is_taken(Slot{limits::kSlotsMax - 1})) << "free all the same";
}

}  // namespace
}  // namespace vexfs::store
