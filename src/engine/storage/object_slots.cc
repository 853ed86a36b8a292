// The owners of all slots are made in one pass over the directories and one over the slots: a
// catalog has many files, and asking for each of them would take seconds.
#include "engine/storage/object_slots.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace vexfs::engine {
namespace {

// A directory that holds a name of the object.
struct Place {
  ObjectId object;
  DirectoryIndex directory;
  auto operator<=>(const Place&) const = default;
};

// Of all files of the catalog, in order of objects; a directory with two names of a file comes
// once.
Result<std::vector<Place>> all_places(store::Catalog& catalog, const NameTable& names) {
  std::vector<Place> places;
  const std::vector<DirectoryEntry>& all = names.directories();
  for (uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].gone) continue;
    VEXFS_CHECK_OK(catalog.children_of(
        all[i].object, {}, [&](std::string_view, ObjectId object, store::ObjectKind kind) {
          if (kind == store::ObjectKind::kFile) places.push_back({object, DirectoryIndex{i}});
          return true;
        }));
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

}  // namespace

Status ObjectSlots::collect(const SpaceState& space, ObjectId object,
                            std::vector<Slot>& slots) const {
  slots.clear();
  return store_.catalog->passages_of(space.id(), object, [&slots](const store::Passage& passage) {
    slots.push_back(passage.slot);
    return true;
  });
}

void ObjectSlots::hide(ObjectId object, bool hidden) {
  for (const SpacePointer& space : store_.spaces) {
    if (!space->is_open()) continue;
    if (!collect(*space, object, slots_).ok()) continue;
    for (const Slot slot : slots_) {
      if (hidden) {
        space->knn->hide(slot);
      } else {
        space->knn->unhide(slot);
      }
    }
  }
}

void ObjectSlots::place(SpaceState& space, ObjectId object, std::span<const Slot> slots) {
  directories_.clear();
  const Status status = store_.names->directories_of(object, [this](DirectoryIndex one) {
    storage_mutex.assert_held();
    directories_.push_back(one);
    return true;
  });
  if (!status.ok()) log(LogLevel::kWarning, "the directories of a file", status);
  for (const Slot slot : slots) space.owners->set(slot, object, directories_);
}

void ObjectSlots::place_again(ObjectId object) {
  for (const SpacePointer& space : store_.spaces) {
    if (!space->owners.has_value()) continue;
    if (collect(*space, object, slots_).ok()) place(*space, object, slots_);
  }
}

Status ObjectSlots::load_owners(SpaceState& space) {
  if (space.owners.has_value()) return {};
  VEXFS_TRY(places, all_places(*store_.catalog, *store_.names));
  SlotOwners owners;
  std::vector<DirectoryIndex> directories;
  VEXFS_CHECK_OK(store_.catalog->all_passages(space.id(), [&](const store::Passage& passage) {
    directories.clear();
    auto place =
        std::lower_bound(places.begin(), places.end(), passage.object,
                         [](const Place& a, ObjectId object) { return a.object < object; });
    for (; place != places.end() && place->object == passage.object; ++place) {
      directories.push_back(place->directory);
    }
    owners.set(passage.slot, passage.object, directories);
    return true;
  }));
  space.owners.emplace(std::move(owners));
  return {};
}

}  // namespace vexfs::engine
