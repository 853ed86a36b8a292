// Orphans: the objects without a name, and when they are looked at next.
#ifndef VEXFS_ENGINE_STORAGE_ORPHANS_H_
#define VEXFS_ENGINE_STORAGE_ORPHANS_H_

#include <chrono>
#include <cstdint>
#include <unordered_set>

#include "base/mutex.h"
#include "engine/storage/storage_mutex.h"
#include "store/rows.h"

namespace vexfs::engine {

// No search may find an orphan: its slots are hidden. It may still be open, or have a name that
// nobody reported, or be gone; so all orphans are looked at (Reconciler) at once when there is a
// new one, as most of them are gone by then, and then with delays that double up to a minute.
//
// Threads: the storage mutex guards all of it. Times are the caller's, so this never looks at a
// clock.
class Orphans {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kDelayMin = std::chrono::milliseconds(100);
  static constexpr auto kDelayMax = std::chrono::milliseconds(60'000);

  // The object lost its last name. False: it was an orphan before.
  bool add(store::ObjectId object, Clock::time_point now) REQUIRES(storage_mutex);
  // The object has a name again, or is forgotten. False: it was no orphan.
  bool remove(store::ObjectId object) REQUIRES(storage_mutex);
  bool contains(store::ObjectId object) const REQUIRES(storage_mutex) {
    return objects_.contains(object);
  }
  size_t size() const REQUIRES(storage_mutex) { return objects_.size(); }
  auto begin() const REQUIRES(storage_mutex) { return objects_.begin(); }
  auto end() const REQUIRES(storage_mutex) { return objects_.end(); }
  // Changes of the catalog were lost: what is an orphan is found anew.
  void clear() REQUIRES(storage_mutex) { objects_.clear(); }

  // After an unclean start any object may be an orphan, until a reconciliation has looked at all.
  void set_unknown(Clock::time_point now) REQUIRES(storage_mutex);
  void set_known() REQUIRES(storage_mutex) { unknown_ = false; }

  // How many there may be. The last commit writes it down for the next start; 0: it need not look.
  uint64_t left() const REQUIRES(storage_mutex) { return objects_.size() + (unknown_ ? 1 : 0); }
  // When to look at them next; Clock::time_point::max(): there are none.
  Clock::time_point due() const REQUIRES(storage_mutex) {
    return left() > 0 ? due_ : Clock::time_point::max();
  }
  // Whether to look at them now. Yes puts the next time off.
  bool take_due(Clock::time_point now) REQUIRES(storage_mutex);

 private:
  std::unordered_set<store::ObjectId> objects_ GUARDED_BY(storage_mutex);
  bool unknown_ GUARDED_BY(storage_mutex) = false;
  Clock::time_point due_ GUARDED_BY(storage_mutex) = Clock::time_point::max();
  std::chrono::milliseconds delay_ GUARDED_BY(storage_mutex){0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_ORPHANS_H_
