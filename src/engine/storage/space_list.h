// SpaceList: the spaces of an open store.
#ifndef VEXFS_ENGINE_STORAGE_SPACE_LIST_H_
#define VEXFS_ENGINE_STORAGE_SPACE_LIST_H_

#include <memory>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "engine/storage/space_state.h"
#include "store/rows.h"

namespace vexfs::engine {

using SpacePointer = std::shared_ptr<SpaceState>;

// The spaces that the catalog has, and those that were dropped but are still in use.
//
// Threads: the storage mutex guards all of it. A caller that waits for a space to open passes its
// lock of that mutex, which is given back meanwhile.
class SpaceList {
 public:
  // nullptr: there is no such space.
  SpacePointer find(std::string_view name) const REQUIRES(storage_mutex);
  SpacePointer find(store::SpaceId id) const REQUIRES(storage_mutex);

  auto begin() const REQUIRES(storage_mutex) { return spaces_.begin(); }
  auto end() const REQUIRES(storage_mutex) { return spaces_.end(); }
  size_t size() const REQUIRES(storage_mutex) { return spaces_.size(); }

  void add(store::Space row) REQUIRES(storage_mutex);
  // The space is not current any more. It ends once nobody uses it; see take_unused().
  void drop(const SpacePointer& space) REQUIRES(storage_mutex);
  // Replaces all spaces by new ones with these rows; returns the old ones, no longer current.
  std::vector<SpacePointer> replace(std::vector<store::Space> rows) REQUIRES(storage_mutex);

  // A request may hold the last but one pointer to a space that was dropped meanwhile, and its end
  // takes more stack than a request has. So dropped spaces are kept here, and this takes those out
  // that nobody else holds; the caller lets them end without the mutex.
  std::vector<SpacePointer> take_unused() REQUIRES(storage_mutex);
  bool has_dropped() const REQUIRES(storage_mutex) { return !dropped_.empty(); }

  // --- Opening. Whoever changes the phase of a space calls notify_phase().
  bool is_opening_any() const REQUIRES(storage_mutex);
  void wait_while_opening(const SpaceState& space, MutexLock& lock) REQUIRES(storage_mutex);
  void wait_while_opening_any(MutexLock& lock) REQUIRES(storage_mutex);
  // Waits for a change of some phase, at most so long.
  void wait_for_phase(MutexLock& lock, std::chrono::milliseconds most) REQUIRES(storage_mutex);
  void notify_phase() { phase_changed_.notify_all(); }

 private:
  std::vector<SpacePointer> spaces_ GUARDED_BY(storage_mutex);
  std::vector<SpacePointer> dropped_ GUARDED_BY(storage_mutex);
  CondVar phase_changed_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SPACE_LIST_H_
