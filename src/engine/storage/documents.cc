// The parts of a document are put one after another; each takes the place of what was there.
#include "engine/storage/documents.h"

#include "base/limits.h"
#include "base/log.h"

namespace vexfs::engine {
namespace {

RowsToPut rows_of(const DocumentPart& part) {
  return {.vectors = part.vectors,
          .count = static_cast<uint32_t>(part.passages.size()),
          .first_ordinal = part.first_ordinal,
          .ranges = part.passages.data(),
          .last = part.last};
}

}  // namespace

Status Documents::put_part(SpaceState& space, DocumentPart& part) {
  if (part.beside) return put_beside(space, part);
  bool added = false;
  NameTable& names = *store_.names;
  const Result<ObjectId> object_or =
      part.directory != nullptr
          ? names.object_at(*part.directory, part.name, part.key, part.inode, added)
          : names.object_for(part.key, added);
  names_.settle(object_or.status(), NameChanges::Maker::kTextIndex);
  if (!object_or.ok()) return object_or.status();
  const ObjectId object = object_or.value();
  if (part.puts_passages) {
    if (const Status status = vectors_.put(space, object, rows_of(part), added); !status.ok()) {
      if (added && !commit_.changes_lost()) VEXFS_CHECK_OK(vectors_.forget_if_bare(object));
      return status;
    }
    part.slots.assign(vectors_.slots_put().begin(), vectors_.slots_put().end());
    VEXFS_CHECK_OK(remove_elsewhere(&space, object));
  } else if (added && names.is_nameless(object)) {
    names_.settle_nameless(object);
  }
  part.row.object = object;
  VEXFS_CHECK_OK(commit_.failed(store_.catalog->put_document(part.row)));
  commit_.note_change();
  return {};
}

Result<bool> Documents::is_same(const SpaceState& space, ObjectId object, const DocumentPart& part,
                                const std::optional<store::Document>& row) {
  if (!row.has_value() || row->state != store::DocumentState::kFresh) return false;
  if (row->size != part.row.size || row->mtime_ns != part.row.mtime_ns) return false;
  bool named = false;
  VEXFS_CHECK_OK(store_.names->names_of(object, [&](DirectoryIndex, std::string_view name) {
    named = name == part.name;
    return !named;
  }));
  if (!named) return false;
  if (part.first_ordinal == 0) return true;
  VEXFS_TRY(before, store_.catalog->passage_of(space.id(), object, part.first_ordinal - 1));
  return before.has_value();
}

Status Documents::put_beside(SpaceState& space, DocumentPart& part) {
  const Status stale(ESTALE, "the document is another by now");
  VEXFS_TRY(object, store_.catalog->find_object(part.key));
  if (!object.has_value()) return stale;
  VEXFS_TRY(row, store_.catalog->document(object->id));
  VEXFS_TRY(same, is_same(space, object->id, part, row));
  if (!same) {
    // The parts that were put before have no end any more.
    const bool begun = part.first_ordinal > 0 && !(row.has_value() && row->space == space.id());
    if (begun) (void)vectors_.remove_from(space, object->id);
    return stale;
  }
  VEXFS_CHECK_OK(vectors_.put(space, object->id, rows_of(part), false));
  part.slots.assign(vectors_.slots_put().begin(), vectors_.slots_put().end());
  part.row = *row;
  if (!part.last) return {};
  part.row.space = space.id();
  VEXFS_CHECK_OK(commit_.failed(store_.catalog->put_document(part.row)));
  commit_.note_change();
  return {};
}

Status Documents::remove_elsewhere(const SpaceState* space, ObjectId object) {
  for (const SpacePointer& other : store_.spaces) {
    if (other.get() == space || other->filler() != store::Filler::kEmbedder) continue;
    const Status removed = vectors_.remove_from(*other, object);
    if (!removed.ok() && removed.error() != ENODATA) return removed;
  }
  return {};
}

Status Documents::take_back(const OpenSpace& handle, ObjectId object) {
  const MutexLock lock(store_.mutex());
  VEXFS_CHECK_OK(commit_.may_change());
  VEXFS_TRY(row, store_.catalog->document(object));
  if (!row.has_value() || row->space == handle.id || row->space == store::SpaceId{}) return {};
  const SpacePointer space = store_.spaces.find(handle.id);
  if (space == nullptr) return Status(ENODATA, "the space is gone");
  row->space = handle.id;
  VEXFS_CHECK_OK(commit_.failed(store_.catalog->put_document(*row)));
  commit_.note_change();
  return remove_elsewhere(space.get(), object);
}

Status Documents::put(const OpenSpace& handle, std::span<DocumentPart> parts,
                      std::optional<SearchEpochs::Entered>* held) {
  VEXFS_CHECK_OK(commit_.commit_if_late());
  uint32_t passages = 0;
  for (const DocumentPart& part : parts) passages += static_cast<uint32_t>(part.passages.size());
  handle.knn->wait_for_room(passages);
  const MutexLock lock(store_.mutex());
  VEXFS_CHECK_OK(commit_.may_change());
  const SpacePointer space = store_.spaces.find(handle.id);
  if (space == nullptr || !space->is_open()) return Status(ENODATA, "the space is gone");
  if (!space->knn->has_room(passages)) return Status(EAGAIN, "too many vectors wait");
  if (held != nullptr) held->emplace(handle.knn->hold());
  for (DocumentPart& part : parts) {
    part.status = put_part(*space, part);
    VEXFS_CHECK_OK(commit_.may_change());
  }
  return {};
}

Status Documents::mark_pending(std::span<const ObjectKey> keys) {
  const MutexLock lock(store_.mutex());
  VEXFS_CHECK_OK(commit_.may_change());
  for (const ObjectKey& key : keys) {
    VEXFS_TRY(object, store_.catalog->find_object(key));
    if (!object.has_value()) continue;
    const Result<bool> marked = store_.catalog->mark_pending(object->id);
    if (!marked.ok()) return commit_.failed(marked.status());
    if (marked.value()) commit_.note_change();
  }
  return {};
}

Status Documents::set_names(const std::unordered_map<ObjectId, uint64_t>& hashes) {
  for (auto next = hashes.begin(); next != hashes.end();) {
    const MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    for (size_t i = 0; i < limits::kUpkeepBatch && next != hashes.end(); ++i, ++next) {
      VEXFS_TRY(document, store_.catalog->document(next->first));
      if (!document.has_value() || document->state != store::DocumentState::kFresh) continue;
      document->name_hash = next->second;
      VEXFS_CHECK_OK(commit_.failed(store_.catalog->put_document(*document)));
      commit_.note_change();
    }
  }
  return {};
}

Status Documents::remove(const ObjectKey& key) {
  const MutexLock lock(store_.mutex());
  VEXFS_CHECK_OK(commit_.may_change());
  VEXFS_TRY(object, store_.catalog->find_object(key));
  if (!object.has_value()) return {};
  VEXFS_TRY(document, store_.catalog->document(object->id));
  if (!document.has_value()) return {};
  VEXFS_CHECK_OK(remove_elsewhere(nullptr, object->id));
  VEXFS_CHECK_OK(forget(object->id));
  return vectors_.forget_if_bare(object->id);
}

Status Documents::forget(ObjectId object) {
  VEXFS_TRY(document, store_.catalog->document(object));
  if (!document.has_value()) return {};
  VEXFS_CHECK_OK(commit_.failed(store_.catalog->remove_document(object)));
  commit_.note_change();
  if (!document->text_kept) return {};
  if (const Status status = texts_.remove(object); !status.ok()) {
    log(LogLevel::kWarning, "the text of a file that is gone", status);
  }
  return {};
}

Result<std::optional<store::Document>> Documents::document_of(const ObjectKey& key) const {
  const MutexLock lock(store_.mutex());
  VEXFS_TRY(object, store_.catalog->find_object(key));
  if (!object.has_value()) return std::optional<store::Document>();
  return store_.catalog->document(object->id);
}

Result<store::DocumentCounts> Documents::count() const {
  const MutexLock lock(store_.mutex());
  return store_.catalog->count_documents();
}

}  // namespace vexfs::engine
