// SlotOwners: knows for each slot of a space its object and the directories that hold its names.
#ifndef VEXFS_ENGINE_STORAGE_SLOT_OWNERS_H_
#define VEXFS_ENGINE_STORAGE_SLOT_OWNERS_H_

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/function_ref.h"
#include "base/vector_space.h"
#include "engine/names/name_table.h"
#include "store/rows.h"

namespace vexfs::engine {

// A filter by directory is computed from this in one pass over memory. A slot takes 12 bytes, and
// more only where its file has several names.
//
// Threads: all methods run under the owner's lock.
class SlotOwners {
 public:
  void set(Slot slot, ObjectId object, std::span<const DirectoryIndex> directories);
  void clear(Slot slot);
  ObjectId object_of(Slot slot) const {
    const auto at = static_cast<size_t>(slot);
    return at < objects_.size() ? objects_[at] : kNoObject;
  }
  // Visits each slot once for each of its directories; with kNoDirectory where it has none.
  void visit(FunctionRef<void(Slot slot, ObjectId object, DirectoryIndex directory)> visit) const;

 private:
  static constexpr DirectoryIndex kSeveral{UINT32_MAX - 1};  // The directories are in several_.

  std::vector<ObjectId> objects_;  // kNoObject: the slot is free.
  std::vector<DirectoryIndex> directories_;
  std::unordered_map<Slot, std::vector<DirectoryIndex>> several_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SLOT_OWNERS_H_
