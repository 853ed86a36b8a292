// Each pass does what is due, and the wait until the next is bounded by what comes.
#include "engine/storage/upkeep.h"

#include "base/limits.h"
#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class UpkeepTest : public PartsFixture {
 protected:
  void lose(int error) {
    const MutexLock lock(mutex());
    parts_->commit.lose_changes(Status(error, "a failure of the disk"));
  }
  Status may_change() {
    const MutexLock lock(mutex());
    return parts_->commit.may_change();
  }
};

TEST_F(UpkeepTest, CommitsWhenItIsDue) {
  {
    const MutexLock lock(mutex());
    for (uint32_t i = 0; i < limits::kCommitChangesMax; ++i) parts_->commit.note_change();
  }
  (void)parts_->upkeep.maintain();
  const MutexLock lock(mutex());
  EXPECT_EQ(parts_->commit.changes_waiting(), 0U);
}

TEST_F(UpkeepTest, TheStoreGoesOnAfterALackOfRoom) {
  const ObjectKey kept = make("kept", 1);
  ASSERT_TRUE(parts_->commit.flush().ok());
  const ObjectKey lost = make("lost", 2);
  lose(ENOSPC);
  EXPECT_EQ(set(kept, 3).error(), EIO);
  (void)parts_->upkeep.maintain();
  EXPECT_TRUE(may_change().ok());
  EXPECT_TRUE(has(kept, 1));
  EXPECT_FALSE(has(lost, 2));
  EXPECT_EQ(count_found(), 1U);
  ASSERT_TRUE(set(lost, 3).ok());
  EXPECT_EQ(count_found(), 2U);
}

TEST_F(UpkeepTest, AfterAFailureOfTheDiskItIsThereToRead) {
  const ObjectKey key = make("a", 1);
  ASSERT_TRUE(parts_->commit.flush().ok());
  lose(EIO);
  (void)parts_->upkeep.maintain();
  EXPECT_EQ(may_change().error(), EIO);
  EXPECT_TRUE(has(key, 1));
  EXPECT_EQ(count_found(), 1U);
}

TEST_F(UpkeepTest, ALossAsksTheTreeForNames) {
  ASSERT_TRUE(parts_->upkeep.reconcile().ok());
  EXPECT_TRUE(parts_->names.known());
  ASSERT_TRUE(parts_->commit.flush().ok());
  (void)make("a", 1);
  lose(ENOSPC);
  (void)parts_->upkeep.maintain();
  EXPECT_TRUE(parts_->names.known()) << "the same call has reconciled";
}

TEST_F(UpkeepTest, AnOrphanWhoseInodeIsGoneIsForgotten) {
  const ObjectKey key = make("a", 1);
  unlink("a");
  (void)parts_->upkeep.maintain();
  EXPECT_EQ(object_of(key), kNoObject);
}

TEST_F(UpkeepTest, ADroppedSpaceEndsWhenNobodyUsesIt) {
  auto held = parts_->spaces.open("clip");
  ASSERT_TRUE(held.ok());
  ASSERT_TRUE(parts_->spaces.drop("clip").ok());
  const int wait_ms = parts_->upkeep.maintain();
  EXPECT_GE(wait_ms, 0);
  EXPECT_LE(wait_ms, 1001) << "it looks again soon";
  const std::weak_ptr<SpaceState> space = held.value();
  held = Status(ENODATA, "let go");
  EXPECT_FALSE(space.expired()) << "its end takes more stack than a request has";
  (void)parts_->upkeep.maintain();
  EXPECT_TRUE(space.expired());
}

TEST_F(UpkeepTest, AReaderHasNothingToDo) {
  open({.read_only = true});
  EXPECT_EQ(parts_->upkeep.maintain(), -1);
  EXPECT_EQ(parts_->upkeep.reconcile().error(), EROFS);
}

}  // namespace
}  // namespace vexfs::engine
