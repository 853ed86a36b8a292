// Group commit: what makes changes durable, in which order, and what a failure leaves.
#include <unistd.h>

#include <algorithm>

#include "base/log.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {

Status VectorStorageManager::State::may_change() const {
  if (options.read_only) return Status(EROFS, "the store is open for reading only");
  return refusal;
}

void VectorStorageManager::State::wake() {
  const uint64_t one = 1;
  // Full only when nobody drained it for ever: then it is readable anyhow.
  [[maybe_unused]] const ssize_t written = ::write(work.get(), &one, sizeof one);
}

void VectorStorageManager::State::note_change() {
  ++changes;
  generation.fetch_add(1);
  last_change = Clock::now();
  const uint64_t waiting = changes - committed_changes;
  if (waiting == 1) oldest_change = last_change;
  if (waiting == 1 || waiting == limits::kCommitChangesMax) wake();
}

Status VectorStorageManager::State::failed(Status status) {
  if (!status.ok() && catalog->lost()) lose_changes(status);
  return status;
}

// The catalog is back at its last commit; what the graphs hold beyond that is taken up anew by
// maintain().
void VectorStorageManager::State::lose_changes(Status status) {
  if (changes_lost) return;
  log(LogLevel::kError, "changes of vectors since the last commit are lost", status,
      changes - durable_changes);
  changes_lost = true;
  refusal = Status(EIO, "a change of vectors could not be written");
  lost_from = durable_changes;
  lost_to = changes;
  lost_why = status;
  wake();
}

int VectorStorageManager::State::commit_due_ms() const {
  const uint64_t waiting = changes - committed_changes;
  if (waiting == 0 || changes_lost) return -1;
  if (waiting >= limits::kCommitChangesMax) return 0;
  const auto age =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - oldest_change);
  return static_cast<int>(
      std::max<int64_t>(0, int64_t{limits::kCommitDelayMs} - static_cast<int64_t>(age.count())));
}

Status VectorStorageManager::State::flush() {
  uint64_t target;
  {
    const std::lock_guard lock(mutex);
    target = changes;
  }
  const std::lock_guard commit_lock(commit_mutex);
  {
    const std::lock_guard lock(mutex);
    if (target > lost_from && target <= lost_to) return lost_why;
    if (durable_changes >= target) return refusal.error() == EIO ? refusal : Status();
  }
  return commit();
}

Status VectorStorageManager::State::commit_if_due() {
  {
    const std::lock_guard lock(mutex);
    if (commit_due_ms() != 0) return {};
  }
  const std::lock_guard commit_lock(commit_mutex);
  return commit();
}

// The catalog keeps what is not committed in memory: whoever brings far too much of it commits.
Status VectorStorageManager::State::commit_if_late() {
  {
    const std::lock_guard lock(mutex);
    if (changes - committed_changes < 4 * limits::kCommitChangesMax) return {};
  }
  return commit_if_due();
}

Status VectorStorageManager::State::sync_rows(const std::vector<SpacePointer>& written) {
  for (const SpacePointer& space : written) {
    const Status status = space->vectors->sync();
    if (status.ok()) continue;
    const std::lock_guard lock(mutex);
    lose_changes(status);
    return status;
  }
  return {};
}

Status VectorStorageManager::State::commit() {
  std::vector<SpacePointer> written;
  {
    const std::lock_guard lock(mutex);
    for (const SpacePointer& space : spaces) {
      if (std::exchange(space->rows_written, false)) written.push_back(space);
    }
  }
  // 1. The rows, most of them without the lock.
  VEXFS_CHECK_OK(sync_rows(written));
  uint64_t target;
  ChangeNumber target_change;
  {
    const std::lock_guard lock(mutex);
    VEXFS_CHECK_OK(commit_locked());
    target = changes;
    target_change = catalog->last_change();
  }
  // 3. The log.
  const Status status = catalog->sync();
  const std::lock_guard lock(mutex);
  if (!status.ok()) {
    lose_changes(status);
    return status;
  }
  durable_changes = target;
  durable_change = target_change;
  commits.fetch_add(1, std::memory_order_relaxed);
  offer_freed();
  return {};
}

Status VectorStorageManager::State::commit_locked() {
  if (changes_lost) return refusal;
  for (const SpacePointer& space : spaces) {
    if (!std::exchange(space->rows_written, false)) continue;
    if (const Status status = space->vectors->sync(); !status.ok()) {
      lose_changes(status);
      return status;
    }
  }
  if (!marked_unclean && catalog->changed()) {
    VEXFS_CHECK_OK(failed(catalog->set_mark("clean", 0)));
    marked_unclean = true;
  }
  // 2. The references to the rows.
  if (const Status status = catalog->commit(); !status.ok()) {
    lose_changes(status);
    return status;
  }
  committed_changes = changes;
  return {};
}

void VectorStorageManager::State::offer_freed() {
  for (const SpacePointer& space : spaces) {
    space->freed.offer(durable_change, [&](Slot slot) {
      const Status status = catalog->offer_slot(space->row.id, slot);
      // No room yet, or not synced yet: later. Anything else is no slot to offer.
      return status.error() != ENOSPC && status.error() != EBUSY;
    });
  }
}

Status VectorStorageManager::flush() { return state_->flush(); }

Status VectorStorageManager::poisoned() const {
  const std::lock_guard lock(state_->mutex);
  return state_->refusal;
}

}  // namespace vexfs::engine
