// Spaces: makes, drops, replaces and opens the spaces of a store.
#ifndef VEXFS_ENGINE_STORAGE_SPACES_H_
#define VEXFS_ENGINE_STORAGE_SPACES_H_

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/space/search_scratches.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/object_slots.h"
#include "engine/storage/open_store.h"
#include "engine/storage/orphans.h"
#include "engine/storage/storage_mutex.h"
#include "engine/storage/storage_values.h"
#include "engine/storage/text_events.h"

namespace vexfs::engine {

// A space opens at its first use: its graph is the newest checkpoint, and what that lacks is read
// from the catalog. A space of the name with a '~' can take the place of another (replace): 1. it
// is made and filled; 2. in one transaction the other goes, it gets the other's name, and a mark
// says so; 3. its folder is renamed; 4. the mark goes. A crash before the end of 2 leaves the old
// space, one after it the new; finish_replace() of the next start does 3 and 4.
//
// Threads: the storage mutex guards the states of spaces (SpaceList); it is not held while files
// are opened. open() may be called on any stack, all else needs a large one.
class Spaces {
 public:
  Spaces(OpenStore& store, GroupCommit& commit, Orphans& orphans, ObjectSlots& slots,
         TextListeners& listeners)
      : store_(store), commit_(commit), orphans_(orphans), slots_(slots), listeners_(listeners) {}

  // The space, open: on a thread made for it, for which the caller waits. ENODATA: there is none.
  Result<SpacePointer> open(std::string_view name) EXCLUDES(storage_mutex);
  // The same for those above the storage. It keeps the whole space, whose rows the graph reads.
  Result<OpenSpace> open_handle(std::string_view name) EXCLUDES(storage_mutex);

  // --- See VectorStorageManager for each. Durable on return.
  Status create(std::string_view name, const SpaceParameters& parameters, uint64_t embedder)
      EXCLUDES(storage_mutex);
  Status drop(std::string_view name) EXCLUDES(storage_mutex);
  Status replace(std::string_view name) EXCLUDES(storage_mutex);

  // What a crash or a failure left of a replacement.
  Status finish_replace() EXCLUDES(storage_mutex);
  // Folders of spaces that a crash left between the catalog's commit and their removal, or before
  // their commit. After finish_replace(), while no space is made.
  void remove_strays() EXCLUDES(storage_mutex);
  // The folder of a space, also while it has the older name.
  Result<Fd> folder_of(const store::Space& space, bool create) EXCLUDES(storage_mutex);

  // Links what is pending, for limits::kUnmountSettleMs at most, writes checkpoints, and stops the
  // writers. Then the spaces serve searches alone, until forget().
  void close() EXCLUDES(storage_mutex);
  void forget() EXCLUDES(storage_mutex);

 private:
  void open_now(const SpacePointer& space) EXCLUDES(storage_mutex);
  Status open_files(SpaceState& space) EXCLUDES(storage_mutex);
  Status replay(SpaceState& space) REQUIRES(storage_mutex);
  Result<std::vector<store::Passage>> set_after(SpaceState& space, store::ChangeNumber change)
      REQUIRES(storage_mutex);
  void let_go(store::SpaceId id, std::span<const Slot> slots) EXCLUDES(storage_mutex);
  Status move_back(const SpaceState& space) REQUIRES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  Orphans& orphans_;
  ObjectSlots& slots_;
  TextListeners& listeners_;
  const std::shared_ptr<SearchScratches> scratches_ = std::make_shared<SearchScratches>();
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SPACES_H_
