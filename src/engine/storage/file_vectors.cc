// A set takes slots and writes rows first, then puts passages into the catalog, then lets searches
// know: until the second step has begun nothing has changed.
#include "engine/storage/file_vectors.h"

#include <cstring>
#include <memory>

namespace vexfs::engine {

using store::Passage;

namespace {

Status not_yours() { return Status(EPERM, "the vectors of the space are made of files' texts"); }

}  // namespace

Status FileVectors::set(const ObjectKey& key, std::string_view name,
                        std::span<const std::byte> bytes, SetMode mode) {
  for (;;) {
    VEXFS_TRY(space, spaces_.open(name));
    if (space->filler() != store::Filler::kUser) return not_yours();
    VEXFS_TRY(value, VectorValue::parse(bytes, space->parameters()));
    VEXFS_CHECK_OK(commit_.commit_if_late());
    {
      const MutexLock lock(store_.mutex());
      VEXFS_CHECK_OK(commit_.may_change());
      if (!space->current) continue;
      if (space->knn->has_room(value.count())) return set_locked(*space, key, value, mode);
    }
    space->knn->hurry();
    space->knn->wait_for_room(value.count());
  }
}

// New slots for all vectors, with their rows. On failure nothing has changed.
Status FileVectors::take_rows(SpaceState& space, ObjectId object, const RowsToPut& rows) {
  new_slots_.clear();
  Status status;
  for (uint32_t i = 0; i < rows.count; ++i) {
    const Result<Slot> slot = store_.catalog->take_slot(space.id());
    status = slot.status();
    if (!status.ok()) break;
    new_slots_.push_back(slot.value());
    space.freed.taken(slot.value());
    store::VectorRowHeader header{};
    header.object = object;
    header.change = store_.catalog->last_change() + 1 + i;
    header.ordinal = rows.first_ordinal + i;
    status = space.vectors->write(slot.value(), header,
                                  rows.vectors + size_t{i} * space.parameters().dim);
    if (!status.ok()) break;
  }
  space.rows_written = true;
  if (status.ok()) return status;
  for (const Slot slot : new_slots_) space.freed.let_go(slot, 0);
  commit_.offer_freed();
  return status;
}

Status FileVectors::put_rows(SpaceState& space, ObjectId object, const RowsToPut& rows) {
  const store::ChangeNumber first = store_.catalog->last_change() + 1;
  for (uint32_t i = 0; i < new_slots_.size(); ++i) {
    Passage passage = rows.ranges != nullptr ? rows.ranges[i] : Passage();
    passage.object = object;
    passage.ordinal = rows.first_ordinal + i;
    passage.slot = new_slots_[i];
    const Result<store::ChangeNumber> change = store_.catalog->put_passage(space.id(), passage);
    if (!change.ok()) {
      // Half a value is none: what was put of it goes with the transaction.
      commit_.lose_changes(change.status());
      return change.status();
    }
    space.knn->added(new_slots_[i], change.value());
    commit_.note_change();
  }
  if (rows.last && old_slots_.size() > new_slots_.size()) {
    const Result<uint32_t> removed =
        store_.catalog->remove_passages(space.id(), object, rows.first_ordinal + rows.count);
    if (!removed.ok()) {
      commit_.lose_changes(removed.status());
      return removed.status();
    }
    commit_.note_change();
  }
  for (const Slot slot : old_slots_) space.knn->removed(slot, first);
  space.row.vectors += static_cast<uint32_t>(new_slots_.size());
  space.row.vectors -= static_cast<uint32_t>(old_slots_.size());
  return {};
}

Status FileVectors::set_locked(SpaceState& space, const ObjectKey& key, const VectorValue& value,
                               SetMode mode) {
  if (mode == SetMode::kReplace || mode == SetMode::kCreate) {
    VEXFS_TRY(known, store_.catalog->find_object(key));
    old_slots_.clear();
    if (known.has_value()) VEXFS_CHECK_OK(slots_.collect(space, known->id, old_slots_));
    if (mode == SetMode::kReplace && old_slots_.empty()) return Status(ENODATA, "no vector yet");
    if (mode == SetMode::kCreate && !old_slots_.empty()) return Status(EEXIST, "a vector is there");
  }
  bool added = false;
  const Result<ObjectId> object_or = store_.names->object_for(key, added);
  names_.settle(object_or.status());
  if (!object_or.ok()) return object_or.status();
  const ObjectId object = object_or.value();
  RowsToPut rows;
  rows.vectors = value.vector(0);
  rows.count = value.count();
  if (const Status status = put(space, object, rows, added); !status.ok()) {
    if (added && !commit_.changes_lost()) VEXFS_CHECK_OK(forget_if_bare(object));
    return status;
  }
  sets_.fetch_add(1, std::memory_order_relaxed);
  return {};
}

Status FileVectors::put(SpaceState& space, ObjectId object, const RowsToPut& rows, bool added) {
  old_slots_.clear();
  const auto collect = [&](const Passage& passage) {
    storage_mutex.assert_held();
    const bool before = passage.ordinal < rows.first_ordinal;
    const bool behind = passage.ordinal >= rows.first_ordinal + rows.count;
    if (!before && (rows.last || !behind)) old_slots_.push_back(passage.slot);
    return true;
  };
  if (!added) VEXFS_CHECK_OK(store_.catalog->passages_of(space.id(), object, collect));
  VEXFS_CHECK_OK(take_rows(space, object, rows));
  VEXFS_CHECK_OK(put_rows(space, object, rows));
  if (space.owners.has_value()) {
    for (const Slot slot : old_slots_) space.owners->clear(slot);
    slots_.place(space, object, new_slots_);
  }
  if (added && store_.names->is_nameless(object)) {
    names_.settle_nameless(object);
  } else if (orphans_.contains(object)) {
    for (const Slot slot : new_slots_) space.knn->hide(slot);
  }
  return {};
}

Result<size_t> FileVectors::get_locked(SpaceState& space, const ObjectKey& key,
                                       std::span<std::byte> out) {
  VEXFS_TRY(object, store_.catalog->find_object(key));
  if (!object.has_value()) return Status(ENODATA, "the file has no vectors");
  VEXFS_CHECK_OK(slots_.collect(space, object->id, old_slots_));
  if (old_slots_.empty()) return Status(ENODATA, "the file has no vector in the space");
  const uint32_t dim = space.parameters().dim;
  const size_t vector_bytes = size_t{dim} * sizeof(float);
  const size_t bytes = old_slots_.size() * vector_bytes;
  if (out.empty()) return bytes;
  if (out.size() < bytes) return Status(ERANGE, "room for the vectors");
  for (size_t i = 0; i < old_slots_.size(); ++i) {
    std::byte* const to = out.data() + i * vector_bytes;
    if (reinterpret_cast<uintptr_t>(to) % alignof(float) == 0) {
      VEXFS_CHECK_OK(space.vectors->read(old_slots_[i], {reinterpret_cast<float*>(to), dim}));
      continue;
    }
    const std::unique_ptr<float[]> aligned(new float[dim]);
    VEXFS_CHECK_OK(space.vectors->read(old_slots_[i], {aligned.get(), dim}));
    std::memcpy(to, aligned.get(), vector_bytes);
  }
  return bytes;
}

Result<size_t> FileVectors::get(const ObjectKey& key, std::string_view name,
                                std::span<std::byte> out) {
  gets_.fetch_add(1, std::memory_order_relaxed);
  for (;;) {
    {
      const MutexLock lock(store_.mutex());
      const SpacePointer space = store_.spaces.find(name);
      if (space == nullptr) return Status(ENODATA, "no such space");
      if (space->is_open()) return get_locked(*space, key, out);
    }
    VEXFS_CHECK_OK(spaces_.open(name).status());
  }
}

Status FileVectors::remove_from(SpaceState& space, ObjectId object) {
  VEXFS_CHECK_OK(slots_.collect(space, object, old_slots_));
  if (old_slots_.empty()) return Status(ENODATA, "the file has no vector in the space");
  const store::ChangeNumber first = store_.catalog->last_change() + 1;
  const Result<uint32_t> removed = store_.catalog->remove_passages(space.id(), object, 0);
  if (!removed.ok()) return commit_.failed(removed.status());
  commit_.note_change();
  space.row.vectors -= static_cast<uint32_t>(old_slots_.size());
  for (const Slot slot : old_slots_) {
    // A space that is closed learns of it from the catalog when it opens.
    if (space.is_open()) space.knn->removed(slot, first);
    if (space.owners.has_value()) space.owners->clear(slot);
  }
  return {};
}

Status FileVectors::remove(const ObjectKey& key, std::string_view name) {
  MutexLock lock(store_.mutex());
  VEXFS_CHECK_OK(commit_.may_change());
  const SpacePointer space = store_.spaces.find(name);
  if (space == nullptr) return Status(ENODATA, "no such space");
  store_.spaces.wait_while_opening(*space, lock);
  if (!space->current) return Status(ENODATA, "no such space");
  if (space->filler() != store::Filler::kUser) return not_yours();
  VEXFS_TRY(object, store_.catalog->find_object(key));
  if (!object.has_value()) return Status(ENODATA, "the file has no vectors");
  VEXFS_CHECK_OK(remove_from(*space, object->id));
  removes_.fetch_add(1, std::memory_order_relaxed);
  return forget_if_bare(object->id);
}

Status FileVectors::remove_from_all(ObjectId object) {
  std::vector<store::SpaceId> ids;  // The catalog may not be called while it is visited.
  VEXFS_CHECK_OK(store_.catalog->spaces_of(object, [&ids](store::SpaceId id) {
    ids.push_back(id);
    return true;
  }));
  for (const store::SpaceId id : ids) {
    const SpacePointer space = store_.spaces.find(id);
    if (space != nullptr) VEXFS_CHECK_OK(remove_from(*space, object));
  }
  return {};
}

Status FileVectors::forget_if_bare(ObjectId object) {
  bool bare = true;
  VEXFS_CHECK_OK(store_.catalog->spaces_of(object, [&bare](store::SpaceId) {
    bare = false;
    return false;
  }));
  VEXFS_TRY(text, store_.catalog->document_state(object));
  if (!bare || text.has_value()) return {};
  (void)orphans_.remove(object);
  VEXFS_CHECK_OK(commit_.failed(store_.names->forget(object)));
  commit_.note_change();
  return {};
}

}  // namespace vexfs::engine
