// ObjectSlots: the slots of an object's vectors in each space, and what a search may do with them.
#ifndef VEXFS_ENGINE_STORAGE_OBJECT_SLOTS_H_
#define VEXFS_ENGINE_STORAGE_OBJECT_SLOTS_H_

#include <span>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/storage/open_store.h"
#include "engine/storage/storage_mutex.h"

namespace vexfs::engine {

// It reads the slots of an object from the catalog, hides them from searches, and keeps the owners
// of each space (SlotOwners) right.
//
// Threads: the storage mutex guards all of it.
class ObjectSlots {
 public:
  explicit ObjectSlots(OpenStore& store) : store_(store) {}

  // Replaces `slots` by those that the object has in the space.
  Status collect(const SpaceState& space, ObjectId object, std::vector<Slot>& slots) const
      REQUIRES(storage_mutex);

  // Searches of all open spaces find the object no longer, or again. A space that is closed asks
  // for the orphans when it opens.
  void hide(ObjectId object, bool hidden) REQUIRES(storage_mutex);

  // --- Owners. They exist once a search asked for them.
  // Reads the owners of all slots of the space, unless they are known. Large stack.
  Status load_owners(SpaceState& space) REQUIRES(storage_mutex);
  // These slots of the space belong to the object, whose directories are read again.
  void place(SpaceState& space, ObjectId object, std::span<const Slot> slots)
      REQUIRES(storage_mutex);
  // The names of the object have changed.
  void place_again(ObjectId object) REQUIRES(storage_mutex);

 private:
  OpenStore& store_;
  // Working memory.
  std::vector<Slot> slots_ GUARDED_BY(storage_mutex);
  std::vector<DirectoryIndex> directories_ GUARDED_BY(storage_mutex);
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_OBJECT_SLOTS_H_
