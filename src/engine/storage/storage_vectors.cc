// Vectors of a file: set, get, remove; what a search wants to know of a slot.
#include <algorithm>
#include <cstring>

#include "engine/storage/storage_state.h"

namespace vexfs::engine {

using store::Passage;

namespace {

Status not_yours() { return Status(EPERM, "the vectors of the space are made of files' texts"); }

}  // namespace

Status VectorStorageManager::State::collect_slots(SpaceState& space, ObjectId object,
                                                  std::vector<Slot>& slots) const {
  slots.clear();
  return catalog->passages_of(space.row.id, object, [&slots](const Passage& passage) {
    slots.push_back(passage.slot);
    return true;
  });
}

Status VectorStorageManager::set_vectors(const ObjectKey& key, std::string_view name,
                                         std::span<const std::byte> bytes, SetMode mode) {
  State& state = *state_;
  for (;;) {
    VEXFS_TRY(space, state.opened(name));
    if (space->row.filler != store::Filler::kUser) return not_yours();
    VEXFS_TRY(value, VectorValue::parse(bytes, space->row.parameters));
    VEXFS_CHECK_OK(state.commit_if_late());
    {
      const std::lock_guard lock(state.mutex);
      VEXFS_CHECK_OK(state.may_change());
      if (!space->current) continue;
      if (space->knn->has_room(value.count())) return state.set_locked(*space, key, value, mode);
    }
    space->knn->hurry();
    space->knn->wait_for_room(value.count());
  }
}

// New slots for all vectors of the value, with their rows. On failure nothing has changed.
Status VectorStorageManager::State::take_rows(SpaceState& space, ObjectId object,
                                              const RowsToPut& rows) {
  new_slots.clear();
  Status status;
  for (uint32_t i = 0; i < rows.count; ++i) {
    const Result<Slot> slot = catalog->take_slot(space.row.id);
    status = slot.status();
    if (!status.ok()) break;
    new_slots.push_back(slot.value());
    space.freed.taken(slot.value());
    store::VectorRowHeader header{};
    header.object = object;
    header.change = catalog->last_change() + 1 + i;
    header.ordinal = rows.first_ordinal + i;
    status = space.vectors->write(slot.value(), header,
                                  rows.vectors + size_t{i} * space.row.parameters.dim);
    if (!status.ok()) break;
  }
  space.rows_written = true;
  if (status.ok()) return status;
  for (const Slot slot : new_slots) space.freed.let_go(slot, 0);
  offer_freed();
  return status;
}

Status VectorStorageManager::State::put_rows(SpaceState& space, ObjectId object,
                                             const RowsToPut& rows) {
  const ChangeNumber first = catalog->last_change() + 1;
  for (uint32_t i = 0; i < new_slots.size(); ++i) {
    Passage passage = rows.ranges != nullptr ? rows.ranges[i] : Passage();
    passage.object = object;
    passage.ordinal = rows.first_ordinal + i;
    passage.slot = new_slots[i];
    const Result<ChangeNumber> change = catalog->put_passage(space.row.id, passage);
    if (!change.ok()) {
      // Half a value is none: what was put of it goes with the transaction.
      lose_changes(change.status());
      return change.status();
    }
    space.knn->added(new_slots[i], change.value());
    note_change();
  }
  if (rows.last && old_slots.size() > new_slots.size()) {
    const Result<uint32_t> removed =
        catalog->remove_passages(space.row.id, object, rows.first_ordinal + rows.count);
    if (!removed.ok()) {
      lose_changes(removed.status());
      return removed.status();
    }
    note_change();
  }
  for (const Slot slot : old_slots) space.knn->removed(slot, first);
  space.row.vectors += static_cast<uint32_t>(new_slots.size());
  space.row.vectors -= static_cast<uint32_t>(old_slots.size());
  return {};
}

Status VectorStorageManager::State::set_locked(SpaceState& space, const ObjectKey& key,
                                               const VectorValue& value, SetMode mode) {
  if (mode == SetMode::kReplace || mode == SetMode::kCreate) {
    VEXFS_TRY(known, catalog->find_object(key));
    old_slots.clear();
    if (known.has_value()) VEXFS_CHECK_OK(collect_slots(space, known->id, old_slots));
    if (mode == SetMode::kReplace && old_slots.empty()) return Status(ENODATA, "no vector yet");
    if (mode == SetMode::kCreate && !old_slots.empty()) return Status(EEXIST, "a vector is there");
  }
  bool added = false;
  const Result<ObjectId> object_or = names->object_for(key, added);
  names_changed(object_or.status());
  if (!object_or.ok()) return object_or.status();
  const ObjectId object = object_or.value();
  RowsToPut rows;
  rows.vectors = value.vector(0);
  rows.count = value.count();
  if (const Status status = put_vectors(space, object, rows, added); !status.ok()) {
    if (added && !changes_lost) VEXFS_CHECK_OK(forget_if_bare(object));
    return status;
  }
  sets.fetch_add(1, std::memory_order_relaxed);
  return {};
}

// Instead of those of the same ordinals, and of all behind them where these are the last.
Status VectorStorageManager::State::put_vectors(SpaceState& space, ObjectId object,
                                                const RowsToPut& rows, bool added) {
  old_slots.clear();
  const auto collect = [&](const Passage& passage) {
    const bool before = passage.ordinal < rows.first_ordinal;
    const bool behind = passage.ordinal >= rows.first_ordinal + rows.count;
    if (!before && (rows.last || !behind)) old_slots.push_back(passage.slot);
    return true;
  };
  if (!added) VEXFS_CHECK_OK(catalog->passages_of(space.row.id, object, collect));
  VEXFS_CHECK_OK(take_rows(space, object, rows));
  VEXFS_CHECK_OK(put_rows(space, object, rows));
  if (space.owners.has_value()) {
    for (const Slot slot : old_slots) space.owners->clear(slot);
    place(space, object, new_slots);
  }
  if (added && names->is_nameless(object)) {
    lost(object);
    names_changed({});
  } else if (orphans.contains(object)) {
    for (const Slot slot : new_slots) space.knn->hide(slot);
  }
  return {};
}

Result<size_t> VectorStorageManager::State::get_locked(SpaceState& space, const ObjectKey& key,
                                                       std::span<std::byte> out) {
  VEXFS_TRY(object, catalog->find_object(key));
  if (!object.has_value()) return Status(ENODATA, "the file has no vectors");
  VEXFS_CHECK_OK(collect_slots(space, object->id, old_slots));
  if (old_slots.empty()) return Status(ENODATA, "the file has no vector in the space");
  const uint32_t dim = space.row.parameters.dim;
  const size_t vector_bytes = size_t{dim} * sizeof(float);
  const size_t bytes = old_slots.size() * vector_bytes;
  if (out.empty()) return bytes;
  if (out.size() < bytes) return Status(ERANGE, "room for the vectors");
  for (size_t i = 0; i < old_slots.size(); ++i) {
    std::byte* const to = out.data() + i * vector_bytes;
    if (reinterpret_cast<uintptr_t>(to) % alignof(float) == 0) {
      VEXFS_CHECK_OK(space.vectors->read(old_slots[i], {reinterpret_cast<float*>(to), dim}));
      continue;
    }
    const std::unique_ptr<float[]> aligned(new float[dim]);
    VEXFS_CHECK_OK(space.vectors->read(old_slots[i], {aligned.get(), dim}));
    std::memcpy(to, aligned.get(), vector_bytes);
  }
  return bytes;
}

Result<size_t> VectorStorageManager::get_vectors(const ObjectKey& key, std::string_view name,
                                                 std::span<std::byte> out) {
  State& state = *state_;
  state.gets.fetch_add(1, std::memory_order_relaxed);
  for (;;) {
    {
      const std::lock_guard lock(state.mutex);
      const State::SpacePointer space = state.find_space(name);
      if (space == nullptr) return Status(ENODATA, "no such space");
      if (space->is_open()) return state.get_locked(*space, key, out);
    }
    VEXFS_CHECK_OK(state.opened(name).status());
  }
}

Status VectorStorageManager::State::remove_locked(SpaceState& space, ObjectId object) {
  VEXFS_CHECK_OK(collect_slots(space, object, old_slots));
  if (old_slots.empty()) return Status(ENODATA, "the file has no vector in the space");
  const ChangeNumber first = catalog->last_change() + 1;
  const Result<uint32_t> removed = catalog->remove_passages(space.row.id, object, 0);
  if (!removed.ok()) return failed(removed.status());
  note_change();
  space.row.vectors -= static_cast<uint32_t>(old_slots.size());
  for (const Slot slot : old_slots) {
    // A space that is closed learns of it from the catalog when it opens.
    if (space.is_open()) space.knn->removed(slot, first);
    if (space.owners.has_value()) space.owners->clear(slot);
  }
  return {};
}

Status VectorStorageManager::remove_vectors(const ObjectKey& key, std::string_view name) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  VEXFS_CHECK_OK(state.may_change());
  const State::SpacePointer space = state.find_space(name);
  if (space == nullptr) return Status(ENODATA, "no such space");
  state.phase_changed.wait(lock, [&] { return space->phase != SpaceState::Phase::kOpening; });
  if (!space->current) return Status(ENODATA, "no such space");
  if (space->row.filler != store::Filler::kUser) return not_yours();
  VEXFS_TRY(object, state.catalog->find_object(key));
  if (!object.has_value()) return Status(ENODATA, "the file has no vectors");
  VEXFS_CHECK_OK(state.remove_locked(*space, object->id));
  state.removes.fetch_add(1, std::memory_order_relaxed);
  return state.forget_if_bare(object->id);
}

// An object without vectors and text is no longer worth a row.
Status VectorStorageManager::State::forget_if_bare(ObjectId object) {
  bool bare = true;
  VEXFS_CHECK_OK(catalog->spaces_of(object, [&bare](store::SpaceId) {
    bare = false;
    return false;
  }));
  VEXFS_TRY(text, catalog->document_state(object));
  if (!bare || text.has_value()) return {};
  orphans.erase(object);
  VEXFS_CHECK_OK(failed(names->forget(object)));
  note_change();
  return {};
}

Status VectorStorageManager::State::forget_object(std::unique_lock<std::mutex>& lock,
                                                  ObjectId object) {
  phase_changed.wait(lock, [this] {
    return std::none_of(spaces.begin(), spaces.end(), [](const SpacePointer& space) {
      return space->phase == SpaceState::Phase::kOpening;
    });
  });
  space_ids.clear();
  VEXFS_CHECK_OK(catalog->spaces_of(object, [this](store::SpaceId id) {
    space_ids.push_back(id);
    return true;
  }));
  for (const store::SpaceId id : space_ids) {
    const SpacePointer space = find_space(id);
    if (space != nullptr) VEXFS_CHECK_OK(remove_locked(*space, object));
  }
  VEXFS_CHECK_OK(forget_document(object));
  return forget_if_bare(object);
}

Status VectorStorageManager::spaces_of(const ObjectKey& key,
                                       FunctionRef<bool(std::string_view)> visit) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  VEXFS_TRY(object, state.catalog->find_object(key));
  if (!object.has_value()) return {};
  return state.catalog->spaces_of(object->id, [&](store::SpaceId id) {
    const State::SpacePointer space = state.find_space(id);
    // What nobody can set is not listed: copies of files would try to.
    if (space == nullptr || space->row.filler != store::Filler::kUser) return true;
    return visit(space->row.name);
  });
}

Result<Passage> VectorStorageManager::passage_at(const OpenSpace& space, Slot slot) {
  const std::lock_guard lock(state_->mutex);
  VEXFS_TRY(passage, state_->catalog->passage_at(space.id, slot));
  if (!passage.has_value()) return Status(ENOENT, "nothing has the slot");
  return *passage;
}

Status VectorStorageManager::read_vector(const OpenSpace& space, Slot slot,
                                         std::span<float> vector) {
  const std::lock_guard lock(state_->mutex);
  const State::SpacePointer found = state_->find_space(space.id);
  if (found == nullptr || !found->is_open()) return Status(ENODATA, "no such space");
  return found->vectors->read(slot, vector);
}

Result<std::vector<Slot>> VectorStorageManager::slots_of(const OpenSpace& space, ObjectId object) {
  const std::lock_guard lock(state_->mutex);
  const State::SpacePointer found = state_->find_space(space.id);
  if (found == nullptr) return Status(ENODATA, "no such space");
  std::vector<Slot> slots;
  VEXFS_CHECK_OK(state_->collect_slots(*found, object, slots));
  return slots;
}

}  // namespace vexfs::engine
