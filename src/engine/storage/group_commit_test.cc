// When changes are durable, and what a failure takes.
#include "engine/storage/group_commit.h"

#include "base/limits.h"
#include "base/testing/failing_io.h"
#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class GroupCommitTest : public PartsFixture {
 protected:
  void TearDown() override { parts_.reset(); }  // Before its io.

  GroupCommit& commit() { return parts_->commit; }
  uint64_t waiting() {
    const MutexLock lock(mutex());
    return commit().changes_waiting();
  }
  int due_ms() {
    const MutexLock lock(mutex());
    return commit().due_ms();
  }
  void note(uint32_t changes) {
    const MutexLock lock(mutex());
    for (uint32_t i = 0; i < changes; ++i) commit().note_change();
  }
  Status may_change() {
    const MutexLock lock(mutex());
    return commit().may_change();
  }
  void start_again() {
    const MutexLock commit_lock(commit().mutex());
    const MutexLock lock(mutex());
    ASSERT_TRUE(parts_->store.catalog->roll_back().ok());
    commit().start_again();
  }

  FailingIo failing_;
};

TEST_F(GroupCommitTest, AFlushMakesChangesDurable) {
  ASSERT_TRUE(commit().flush().ok());
  const uint64_t commits = commit().commits();
  const ObjectKey key = make("a");
  EXPECT_GT(waiting(), 0U);
  ASSERT_TRUE(commit().flush().ok());
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(commit().commits(), commits + 1);
  ASSERT_TRUE(commit().flush().ok());
  EXPECT_EQ(commit().commits(), commits + 1) << "the commit before covered all changes";
  EXPECT_TRUE(has(key, 1));
}

TEST_F(GroupCommitTest, IsDueByAgeAndByNumber) {
  ASSERT_TRUE(commit().flush().ok());
  EXPECT_EQ(due_ms(), -1);
  note(1);
  EXPECT_GE(due_ms(), 0);
  EXPECT_LE(due_ms(), static_cast<int>(limits::kCommitDelayMs));
  note(limits::kCommitChangesMax - 1);
  EXPECT_EQ(due_ms(), 0);
  const uint64_t commits = commit().commits();
  ASSERT_TRUE(commit().commit_if_late().ok());
  EXPECT_EQ(commit().commits(), commits) << "it is due, not late";
  ASSERT_TRUE(commit().commit_if_due().ok());
  EXPECT_EQ(commit().commits(), commits + 1);
  EXPECT_EQ(due_ms(), -1);
  note(4 * limits::kCommitChangesMax);
  ASSERT_TRUE(commit().commit_if_late().ok());
  EXPECT_EQ(commit().commits(), commits + 2);
}

TEST_F(GroupCommitTest, EveryChangeHasAGeneration) {
  const uint64_t before = parts_->store.generation.load();
  note(3);
  EXPECT_EQ(parts_->store.generation.load(), before + 3);
}

TEST_F(GroupCommitTest, ALackOfRoomPasses) {
  ASSERT_TRUE(commit().flush().ok());
  const ObjectKey key = make("a");
  {
    const MutexLock lock(mutex());
    commit().lose_changes(Status(ENOSPC, "the disk is full"));
    commit().lose_changes(Status(EIO, "a later failure"));
    EXPECT_TRUE(commit().changes_lost());
    EXPECT_EQ(commit().lost_why().error(), ENOSPC) << "the first counts";
  }
  EXPECT_EQ(may_change().error(), EIO);
  EXPECT_EQ(set(key, 2).error(), EIO);
  EXPECT_EQ(due_ms(), -1) << "nothing can be committed";
  EXPECT_EQ(commit().flush().error(), ENOSPC) << "these changes are lost";
  start_again();
  EXPECT_TRUE(may_change().ok());
  EXPECT_EQ(object_of(key), kNoObject);
  EXPECT_EQ(waiting(), 0U);
  note(1);
  EXPECT_TRUE(commit().flush().ok()) << "these are not";
}

TEST_F(GroupCommitTest, WhatADiskRefusedToSyncIsFinal) {
  io_ = &failing_;
  open();
  (void)make("a");
  failing_.fail_at(0, true);
  EXPECT_EQ(commit().flush().error(), EIO);
  failing_.fail_at(-1, false);
  EXPECT_EQ(commit().flush().error(), EIO);
  start_again();
  EXPECT_EQ(may_change().error(), EIO);
}

// Whichever call of a commit fails, a flush that was answered yes is kept.
TEST_F(GroupCommitTest, EveryStepMayFail) {
  io_ = &failing_;
  bool fired = true;
  for (int step = 0; fired && !HasFailure(); ++step) {
    SCOPED_TRACE(step);
    failing_.fail_at(-1, false);
    open();
    const std::string name = "f" + std::to_string(step);
    const ObjectKey kept = make(name, 1);
    ASSERT_TRUE(commit().flush().ok());
    ASSERT_TRUE(set(kept, 2).ok());
    failing_.fail_at(step, true);
    const Status flushed = commit().flush();
    fired = failing_.fired();
    EXPECT_EQ(flushed.ok(), !fired);
    failing_.fail_at(-1, false);
    open();
    EXPECT_TRUE(has(kept, 2) || (!flushed.ok() && has(kept, 1)));
    ASSERT_LT(step, 100);
  }
}

TEST_F(GroupCommitTest, AReaderChangesNothing) {
  open({.read_only = true});
  EXPECT_EQ(may_change().error(), EROFS);
}

TEST_F(GroupCommitTest, TheLastCommitSaysWhatIsLeft) {
  (void)make("a");
  ASSERT_TRUE(commit().close(3).ok());
  const MutexLock lock(mutex());
  EXPECT_EQ(parts_->store.catalog->mark("clean", 0).value(), 1);
  EXPECT_EQ(parts_->store.catalog->mark("orphans", 0).value(), 3);
  EXPECT_EQ(commit().changes_waiting(), 0U);
}

}  // namespace
}  // namespace vexfs::engine
