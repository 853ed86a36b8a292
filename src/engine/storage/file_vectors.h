// FileVectors: the vectors of files: set, get, remove.
#ifndef VEXFS_ENGINE_STORAGE_FILE_VECTORS_H_
#define VEXFS_ENGINE_STORAGE_FILE_VECTORS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/space/vector_value.h"
#include "engine/storage/engine_options.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/name_changes.h"
#include "engine/storage/object_slots.h"
#include "engine/storage/open_store.h"
#include "engine/storage/orphans.h"
#include "engine/storage/spaces.h"
#include "engine/storage/storage_mutex.h"

namespace vexfs::engine {

// Vectors of an object that follow one another, row-major.
struct RowsToPut {
  const float* vectors = nullptr;
  uint32_t count = 0;
  uint32_t first_ordinal = 0;
  const store::Passage* ranges = nullptr;  // A range of bytes for each; nullptr: they have none.
  bool last = true;                        // The object has no vectors behind these any more.
};

// Nothing is overwritten in place: new vectors take new slots, and those that they replace are
// freed. The next search finds the new ones and no old one.
//
// Threads: set(), get() and remove() run on request threads; the others are for the parts of the
// store that hold the storage mutex.
class FileVectors {
 public:
  FileVectors(OpenStore& store, GroupCommit& commit, Orphans& orphans, ObjectSlots& slots,
              NameChanges& names, Spaces& spaces)
      : store_(store),
        commit_(commit),
        orphans_(orphans),
        slots_(slots),
        names_(names),
        spaces_(spaces) {}

  // --- See VectorStorageManager for each.
  Status set(const ObjectKey& key, std::string_view space, std::span<const std::byte> value,
             SetMode mode) EXCLUDES(storage_mutex);
  Result<size_t> get(const ObjectKey& key, std::string_view space, std::span<std::byte> out)
      EXCLUDES(storage_mutex);
  Status remove(const ObjectKey& key, std::string_view space) EXCLUDES(storage_mutex);

  // Puts vectors in the place of those with the same ordinals, and of all behind them where these
  // are the last. `added`: the object was made just now. The space is open and has room. A failure
  // has changed nothing, or has lost the changes since the last commit.
  Status put(SpaceState& space, ObjectId object, const RowsToPut& rows, bool added)
      REQUIRES(storage_mutex);
  // Where put() put them, until the next call.
  std::span<const Slot> slots_put() const REQUIRES(storage_mutex) { return new_slots_; }
  // ENODATA: the object has none in the space.
  Status remove_from(SpaceState& space, ObjectId object) REQUIRES(storage_mutex);
  // From all spaces; none may be opening.
  Status remove_from_all(ObjectId object) REQUIRES(storage_mutex);
  // An object without vectors and text is not worth a row: it goes, with its names.
  Status forget_if_bare(ObjectId object) REQUIRES(storage_mutex);

  // How many calls succeeded; gets() counts all.
  uint64_t sets() const { return sets_.load(); }
  uint64_t gets() const { return gets_.load(); }
  uint64_t removes() const { return removes_.load(); }

 private:
  Status set_locked(SpaceState& space, const ObjectKey& key, const VectorValue& value, SetMode mode)
      REQUIRES(storage_mutex);
  Result<size_t> get_locked(SpaceState& space, const ObjectKey& key, std::span<std::byte> out)
      REQUIRES(storage_mutex);
  Status take_rows(SpaceState& space, ObjectId object, const RowsToPut& rows)
      REQUIRES(storage_mutex);
  Status put_rows(SpaceState& space, ObjectId object, const RowsToPut& rows)
      REQUIRES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  Orphans& orphans_;
  ObjectSlots& slots_;
  NameChanges& names_;
  Spaces& spaces_;
  // Working memory.
  std::vector<Slot> old_slots_ GUARDED_BY(storage_mutex);
  std::vector<Slot> new_slots_ GUARDED_BY(storage_mutex);

  std::atomic<uint64_t> sets_{0};
  std::atomic<uint64_t> gets_{0};
  std::atomic<uint64_t> removes_{0};
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_FILE_VECTORS_H_
