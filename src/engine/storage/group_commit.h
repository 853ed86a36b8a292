// GroupCommit: counts the changes of an open store, makes them durable together, and knows which
// were lost.
#ifndef VEXFS_ENGINE_STORAGE_GROUP_COMMIT_H_
#define VEXFS_ENGINE_STORAGE_GROUP_COMMIT_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/storage/open_store.h"
#include "engine/storage/storage_mutex.h"
#include "store/rows.h"

namespace vexfs::engine {

// A change is made in the catalog's open transaction and reported here. A commit makes all changes
// until then durable, in this order: 1. fdatasync of the rows of vectors; 2. COMMIT of the catalog,
// which refers to them; 3. fdatasync of its log. It is due limits::kCommitDelayMs after the first
// change or at limits::kCommitChangesMax, and whoever calls flush() makes one at once.
//
// A failure loses every change since the last commit: the catalog is back at that, changes are
// refused, and maintenance takes the store up again (Upkeep::take_up_again, which calls
// start_again).
//
// Threads: commits run one at a time, under the commit mutex, which comes before the storage mutex.
// A waiter returns at once if the commit before it already covered its changes. The storage mutex
// guards the counters.
class GroupCommit {
 public:
  using Clock = std::chrono::steady_clock;

  explicit GroupCommit(OpenStore& store) : store_(store) {}

  // --- Changes.
  // EROFS, or why changes are refused.
  Status may_change() const REQUIRES(storage_mutex);
  // Call it after each change of the catalog.
  void note_change() REQUIRES(storage_mutex);
  // Returns what to answer when the catalog refused a change. A change that lost the catalog's
  // transaction is a loss of changes.
  Status failed(Status status) REQUIRES(storage_mutex);
  // Everything since the last commit is lost. A further loss before start_again() changes nothing.
  void lose_changes(Status status) REQUIRES(storage_mutex);

  // --- Commits. All but commit() do nothing where nothing waits.
  // Returns once the changes that were made before the call are durable, or why they are lost.
  Status flush() EXCLUDES(mutex_, storage_mutex);
  Status commit_if_due() EXCLUDES(mutex_, storage_mutex);
  // The catalog keeps in memory what is not committed, so whoever brings far too much of it makes
  // the commit.
  Status commit_if_late() EXCLUDES(mutex_, storage_mutex);
  Status commit() REQUIRES(mutex_) EXCLUDES(storage_mutex);
  // Offers freed slots to the catalog again, as far as their freeing is durable.
  void offer_freed() REQUIRES(storage_mutex);

  // --- Life.
  // What the catalog has is durable.
  void start() REQUIRES(storage_mutex);
  // The last commit: it says in the catalog that the end was clean, and how many orphans are left.
  Status close(uint64_t orphans_left) EXCLUDES(mutex_, storage_mutex);
  // After lose_changes(): the catalog was rolled back, and all that knew of later changes made
  // anew. Changes are allowed again where the reason can pass by itself.
  void start_again() REQUIRES(mutex_, storage_mutex);

  // --- State.
  Mutex& mutex() RETURN_CAPABILITY(mutex_) { return mutex_; }
  int due_ms() const REQUIRES(storage_mutex);  // Until a commit is due; -1: nothing waits.
  bool changes_lost() const REQUIRES(storage_mutex) { return changes_lost_; }
  const Status& refusal() const REQUIRES(storage_mutex) { return refusal_; }  // Ok: none.
  const Status& lost_why() const REQUIRES(storage_mutex) { return lost_why_; }
  uint64_t changes_waiting() const REQUIRES(storage_mutex) { return changes_ - durable_changes_; }
  Clock::time_point last_change() const REQUIRES(storage_mutex) { return last_change_; }
  uint64_t commits() const { return commits_.load(); }  // That succeeded.

 private:
  Status sync_rows(const std::vector<SpacePointer>& written) EXCLUDES(storage_mutex);
  Status commit_catalog() REQUIRES(mutex_, storage_mutex);

  OpenStore& store_;
  Mutex mutex_;  // The commit mutex.

  uint64_t changes_ GUARDED_BY(storage_mutex) = 0;            // Made since the start, of any kind.
  uint64_t committed_changes_ GUARDED_BY(storage_mutex) = 0;  // So many of them are in the log,
  uint64_t durable_changes_ GUARDED_BY(storage_mutex) = 0;    // and so many on the disk.
  store::ChangeNumber durable_change_ GUARDED_BY(storage_mutex) = 0;  // The catalog's number of it.
  Clock::time_point oldest_change_ GUARDED_BY(storage_mutex);  // Of those that wait for a commit.
  Clock::time_point last_change_ GUARDED_BY(storage_mutex);
  // Since the start the catalog's mark of a clean end was taken back, or set by close().
  bool marked_ GUARDED_BY(storage_mutex) = false;

  Status refusal_ GUARDED_BY(storage_mutex);  // Why changes are refused; ok: they are not.
  bool changes_lost_ GUARDED_BY(storage_mutex) = false;  // start_again() is due.
  // The changes behind lost_from_, up to lost_to_, are lost for good.
  uint64_t lost_from_ GUARDED_BY(storage_mutex) = 0;
  uint64_t lost_to_ GUARDED_BY(storage_mutex) = 0;
  Status lost_why_ GUARDED_BY(storage_mutex);

  std::atomic<uint64_t> commits_{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_GROUP_COMMIT_H_
