// Names: what their changes mean for the vectors of files.
#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {

// The events come in the midst of a change of names; they are acted on when it is done.
void VectorStorageManager::State::lost(ObjectId object) {
  events.push_back({NameEvent::Kind::kLost, object});
}
void VectorStorageManager::State::found(ObjectId object) {
  events.push_back({NameEvent::Kind::kFound, object});
}
void VectorStorageManager::State::moved(ObjectId object) {
  events.push_back({NameEvent::Kind::kMoved, object});
}

void VectorStorageManager::State::hide(ObjectId object, bool hidden) {
  for (const SpacePointer& space : spaces) {
    if (!space->is_open()) continue;  // It asks for the orphans when it opens.
    if (!collect_slots(*space, object, old_slots).ok()) continue;
    for (const Slot slot : old_slots) {
      if (hidden) {
        space->knn->hide(slot);
      } else {
        space->knn->unhide(slot);
      }
    }
  }
}

void VectorStorageManager::State::names_changed(Status status) {
  if (!status.ok() && status.error() != ENOENT) {
    log(LogLevel::kWarning, "a change of names is not in the catalog", failed(status));
    want_reconcile();
  }
  for (size_t i = 0; i < events.size(); ++i) {
    const NameEvent event = events[i];
    if (event.kind == NameEvent::Kind::kLost && orphans.insert(event.object).second) {
      hide(event.object, true);
      orphans_delay = std::chrono::milliseconds(0);  // Most of them are gone at once.
      orphans_due = Clock::now();
      wake();
    }
    if (event.kind == NameEvent::Kind::kFound && orphans.erase(event.object) > 0) {
      hide(event.object, false);
    }
    for (const std::shared_ptr<TextEvents>& told : text_events) {
      if (told == nullptr || putting_document || event.kind == NameEvent::Kind::kLost) continue;
      told->renamed(event.object);
    }
    for (const SpacePointer& space : spaces) {
      if (!space->owners.has_value()) continue;
      if (collect_slots(*space, event.object, new_slots).ok()) {
        place(*space, event.object, new_slots);
      }
    }
  }
  if (events.empty() && !catalog->changed()) return;
  events.clear();
  note_change();
}

void VectorStorageManager::State::place(SpaceState& space, ObjectId object,
                                        std::span<const Slot> slots) {
  directories.clear();
  const Status status = names->directories_of(object, [this](DirectoryIndex one) {
    directories.push_back(one);
    return true;
  });
  if (!status.ok()) log(LogLevel::kWarning, "the directories of a file", status);
  for (const Slot slot : slots) space.owners->set(slot, object, directories);
}

// One pass over the directories and one over the slots: files of the catalog are many, and asking
// for each of them would take seconds.
Status VectorStorageManager::State::load_owners(SpaceState& space) {
  struct Place {
    ObjectId object;
    DirectoryIndex directory;
  };
  std::vector<Place> places;
  const std::vector<DirectoryEntry>& all = names->directories();
  for (uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].gone) continue;
    VEXFS_CHECK_OK(catalog->children_of(
        all[i].object, {}, [&](std::string_view, ObjectId object, store::ObjectKind kind) {
          if (kind == store::ObjectKind::kFile) places.push_back({object, DirectoryIndex{i}});
          return true;
        }));
  }
  // By object; a directory with two names of a file comes once.
  const auto key = [](const Place& place) {
    return std::pair(static_cast<uint64_t>(place.object), static_cast<uint32_t>(place.directory));
  };
  std::sort(places.begin(), places.end(),
            [&](const Place& a, const Place& b) { return key(a) < key(b); });
  places.erase(std::unique(places.begin(), places.end(),
                           [&](const Place& a, const Place& b) { return key(a) == key(b); }),
               places.end());
  SlotOwners owners;
  VEXFS_CHECK_OK(catalog->all_passages(space.row.id, [&](const store::Passage& passage) {
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

Status VectorStorageManager::for_each_slot(const OpenSpace& space, SlotVisitor visit) {
  const std::lock_guard lock(state_->mutex);
  const State::SpacePointer found = state_->find_space(space.id);
  if (found == nullptr) return Status(ENODATA, "no such space");
  if (!found->owners.has_value()) VEXFS_CHECK_OK(state_->load_owners(*found));
  found->owners->visit(visit);
  return {};
}

Status VectorStorageManager::objects_of(const OpenSpace& space, std::span<const Slot> slots,
                                        std::vector<ObjectId>& objects) {
  objects.clear();
  const std::lock_guard lock(state_->mutex);
  const State::SpacePointer found = state_->find_space(space.id);
  if (found == nullptr) return Status(ENODATA, "no such space");
  if (!found->owners.has_value()) VEXFS_CHECK_OK(state_->load_owners(*found));
  for (const Slot slot : slots) objects.push_back(found->owners->object_of(slot));
  return {};
}

// What cannot be recorded now is found by a scan later.
bool VectorStorageManager::State::names_may_change() {
  if (may_change().ok()) return true;
  want_reconcile();
  return false;
}

void VectorStorageManager::linked(const ObjectKey& parent, std::string_view name,
                                  const ObjectKey& object) {
  const std::lock_guard lock(state_->mutex);
  if (state_->names_may_change()) {
    state_->names_changed(state_->names->linked(parent, name, object));
  }
}

void VectorStorageManager::unlinked(const ObjectKey& parent, std::string_view name) {
  const std::lock_guard lock(state_->mutex);
  if (state_->names_may_change()) {
    state_->names_changed(state_->names->unlinked(parent, name));
  }
}

void VectorStorageManager::renamed(const ObjectKey& old_parent, std::string_view old_name,
                                   const ObjectKey& new_parent, std::string_view new_name,
                                   bool exchange) {
  const std::lock_guard lock(state_->mutex);
  if (state_->names_may_change()) {
    state_->names_changed(
        state_->names->renamed(old_parent, old_name, new_parent, new_name, exchange));
  }
}

bool VectorStorageManager::names_known() const {
  return state_->options.read_only || state_->names_known;
}

void VectorStorageManager::wait_for_names(std::chrono::milliseconds most) const {
  if (names_known() || most.count() == 0) return;
  std::unique_lock lock(state_->mutex);
  state_->names_settled.wait_for(lock, most, [this] { return names_known(); });
}

Status VectorStorageManager::reconcile() {
  {
    const std::lock_guard lock(state_->mutex);
    VEXFS_CHECK_OK(state_->may_change());
    state_->wants_reconcile = false;
  }
  return state_->reconcile(NameTable::Extent::kAll);
}

Status VectorStorageManager::State::reconcile(NameTable::Extent extent) {
  // Requests and commits go on between the steps, and a space opens first: somebody waits for it,
  // and needs the CPUs more.
  const auto patience = Clock::now() + std::chrono::milliseconds(limits::kOpeningPatienceMs);
  const auto commit_unlocked = [this](std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    if (const Status status = commit_if_due(); !status.ok()) {
      log(LogLevel::kWarning, "commit beside the scan of names", status);
    }
  };
  const auto step_locked = [&](FunctionRef<void()> step) {
    std::unique_lock lock(mutex);
    while (opens_a_space() && Clock::now() < patience) {
      phase_changed.wait_for(lock, std::chrono::milliseconds(limits::kCommitDelayMs));
      commit_unlocked(lock);
      lock.lock();
    }
    step();
    names_changed({});
    commit_unlocked(lock);
  };
  VEXFS_TRY(done, names->reconcile(step_locked, extent));
  {
    const std::lock_guard lock(mutex);
    orphans_unknown = false;
    if (extent == NameTable::Extent::kAll && !wants_reconcile) {
      names_known = true;
      names_settled.notify_all();
    }
  }
  for (const ObjectId object : done.dead) {
    std::unique_lock lock(mutex);
    VEXFS_CHECK_OK(may_change());
    if (const Status status = forget_object(lock, object); !status.ok()) {
      log(LogLevel::kWarning, "a file that is gone keeps its vectors", status);
    }
  }
  return {};
}

}  // namespace vexfs::engine
