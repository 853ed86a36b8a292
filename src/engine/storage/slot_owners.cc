// Two columns by slot, and a table for the rare slot that has several directories.
#include "engine/storage/slot_owners.h"

namespace vexfs::engine {

void SlotOwners::set(Slot slot, ObjectId object, std::span<const DirectoryIndex> directories) {
  const auto at = static_cast<size_t>(slot);
  if (at >= objects_.size()) {
    objects_.resize(at + 1, kNoObject);
    directories_.resize(at + 1, kNoDirectory);
  }
  clear(slot);
  objects_[at] = object;
  if (directories.size() == 1) {
    directories_[at] = directories.front();
  } else if (directories.size() > 1) {
    directories_[at] = kSeveral;
    several_[slot].assign(directories.begin(), directories.end());
  }
}

void SlotOwners::clear(Slot slot) {
  const auto at = static_cast<size_t>(slot);
  if (at >= objects_.size()) return;
  if (directories_[at] == kSeveral) several_.erase(slot);
  objects_[at] = kNoObject;
  directories_[at] = kNoDirectory;
}

void SlotOwners::visit(FunctionRef<void(Slot, ObjectId, DirectoryIndex)> visit) const {
  for (size_t at = 0; at < objects_.size(); ++at) {
    if (objects_[at] == kNoObject) continue;
    const Slot slot{static_cast<uint32_t>(at)};
    if (directories_[at] != kSeveral) {
      visit(slot, objects_[at], directories_[at]);
      continue;
    }
    for (const DirectoryIndex directory : several_.at(slot)) visit(slot, objects_[at], directory);
  }
}

}  // namespace vexfs::engine
