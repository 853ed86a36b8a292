// What makes changes durable, in which order, and what a failure leaves.
#include "engine/storage/group_commit.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"

namespace vexfs::engine {

Status GroupCommit::may_change() const {
  if (store_.options.read_only) return Status(EROFS, "the store is open for reading only");
  return refusal_;
}

void GroupCommit::note_change() {
  ++changes_;
  store_.generation.fetch_add(1);
  last_change_ = Clock::now();
  const uint64_t waiting = changes_ - committed_changes_;
  if (waiting == 1) oldest_change_ = last_change_;
  if (waiting == 1 || waiting == limits::kCommitChangesMax) store_.wake();
}

Status GroupCommit::failed(Status status) {
  if (!status.ok() && store_.catalog->lost()) lose_changes(status);
  return status;
}

void GroupCommit::lose_changes(Status status) {
  if (changes_lost_) return;
  log(LogLevel::kError, "changes of vectors since the last commit are lost", status,
      changes_waiting());
  changes_lost_ = true;
  refusal_ = Status(EIO, "a change of vectors could not be written");
  lost_from_ = durable_changes_;
  lost_to_ = changes_;
  lost_why_ = status;
  store_.wake();
}

int GroupCommit::due_ms() const {
  const uint64_t waiting = changes_ - committed_changes_;
  if (waiting == 0 || changes_lost_) return -1;
  if (waiting >= limits::kCommitChangesMax) return 0;
  const auto age =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - oldest_change_);
  return static_cast<int>(
      std::max<int64_t>(0, int64_t{limits::kCommitDelayMs} - static_cast<int64_t>(age.count())));
}

Status GroupCommit::flush() {
  uint64_t target;
  {
    const MutexLock lock(store_.mutex());
    target = changes_;
  }
  const MutexLock commit_lock(mutex_);
  {
    const MutexLock lock(store_.mutex());
    if (target > lost_from_ && target <= lost_to_) return lost_why_;
    if (durable_changes_ >= target) return refusal_.error() == EIO ? refusal_ : Status();
  }
  return commit();
}

Status GroupCommit::commit_if_due() {
  {
    const MutexLock lock(store_.mutex());
    if (due_ms() != 0) return {};
  }
  const MutexLock commit_lock(mutex_);
  return commit();
}

Status GroupCommit::commit_if_late() {
  {
    const MutexLock lock(store_.mutex());
    if (changes_ - committed_changes_ < 4 * limits::kCommitChangesMax) return {};
  }
  return commit_if_due();
}

Status GroupCommit::sync_rows(const std::vector<SpacePointer>& written) {
  for (const SpacePointer& space : written) {
    const Status status = space->vectors->sync();
    if (status.ok()) continue;
    const MutexLock lock(store_.mutex());
    lose_changes(status);
    return status;
  }
  return {};
}

Status GroupCommit::commit() {
  std::vector<SpacePointer> written;
  {
    const MutexLock lock(store_.mutex());
    for (const SpacePointer& space : store_.spaces) {
      if (std::exchange(space->rows_written, false)) written.push_back(space);
    }
  }
  // 1. The rows, most of them without the storage mutex.
  VEXFS_CHECK_OK(sync_rows(written));
  uint64_t target;
  store::ChangeNumber target_change;
  {
    const MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_catalog());
    target = changes_;
    target_change = store_.catalog->last_change();
  }
  // 3. The log.
  const Status status = store_.sync_log();
  const MutexLock lock(store_.mutex());
  if (!status.ok()) {
    lose_changes(status);
    return status;
  }
  durable_changes_ = target;
  durable_change_ = target_change;
  commits_.fetch_add(1, std::memory_order_relaxed);
  offer_freed();
  return {};
}

Status GroupCommit::commit_catalog() {
  if (changes_lost_) return refusal_;
  for (const SpacePointer& space : store_.spaces) {
    if (!std::exchange(space->rows_written, false)) continue;
    if (const Status status = space->vectors->sync(); !status.ok()) {
      lose_changes(status);
      return status;
    }
  }
  if (!marked_ && store_.catalog->changed()) {
    VEXFS_CHECK_OK(failed(store_.catalog->set_mark("clean", 0)));
    marked_ = true;
  }
  // 2. The references to the rows.
  if (const Status status = store_.catalog->commit(); !status.ok()) {
    lose_changes(status);
    return status;
  }
  committed_changes_ = changes_;
  return {};
}

void GroupCommit::offer_freed() {
  for (const SpacePointer& space : store_.spaces) {
    space->freed.offer(durable_change_, [&](Slot slot) {
      storage_mutex.assert_held();
      const Status status = store_.catalog->offer_slot(space->id(), slot);
      // ENOSPC: there is no room yet; EBUSY: it is not synced yet. Both pass. Anything else means
      // that the slot is none to offer.
      return status.error() != ENOSPC && status.error() != EBUSY;
    });
  }
}

void GroupCommit::start() { durable_change_ = store_.catalog->last_change(); }

Status GroupCommit::close(uint64_t orphans_left) {
  const MutexLock commit_lock(mutex_);
  {
    const MutexLock lock(store_.mutex());
    if (changes_lost_) return lost_why_;
    if (store_.started_clean && !marked_ && !store_.catalog->changed()) return {};
    marked_ = true;  // The mark that follows is the last word.
    VEXFS_CHECK_OK(failed(store_.catalog->set_mark("orphans", static_cast<int64_t>(orphans_left))));
    VEXFS_CHECK_OK(failed(store_.catalog->set_mark("clean", 1)));
    note_change();
  }
  VEXFS_CHECK_OK(commit());
  const MutexLock lock(store_.mutex());
  return store_.catalog->checkpoint();
}

void GroupCommit::start_again() {
  ++changes_;
  committed_changes_ = changes_;
  durable_changes_ = changes_;
  durable_change_ = store_.catalog->last_change();
  changes_lost_ = false;
  store_.generation.fetch_add(1);
  // Only a lack of space passes by itself; what a disk refused to sync may be anything now.
  if (lost_why_.error() == ENOSPC || lost_why_.error() == EDQUOT) refusal_ = Status();
}

}  // namespace vexfs::engine
