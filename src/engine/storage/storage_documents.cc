// Documents: what of a file's text is indexed, beside the vectors of its passages.
#include <algorithm>

#include "base/log.h"
#include "engine/storage/storage_state.h"
#include "store/checkpoint.h"

namespace vexfs::engine {

using store::Document;
using store::SpaceId;

namespace {

// The lexical index is one section of its checkpoint.
constexpr uint32_t kLexicalSection = 1;

store::Space row_of(const VectorStorageManager::OpenSpace& space) {
  store::Space row;
  row.id = space.id;
  row.name = space.name;
  return row;
}

}  // namespace

VectorStorageManager::State::RowsToPut VectorStorageManager::State::rows_of(
    const DocumentPart& part) {
  return {.vectors = part.vectors,
          .count = static_cast<uint32_t>(part.passages.size()),
          .first_ordinal = part.first_ordinal,
          .ranges = part.passages.data(),
          .last = part.last};
}

Status VectorStorageManager::State::put_part(SpaceState& space, DocumentPart& part) {
  if (part.beside) return put_beside(space, part);
  bool added = false;
  const Result<ObjectId> object_or =
      part.directory != nullptr
          ? names->object_at(*part.directory, part.name, part.key, part.inode, added)
          : names->object_for(part.key, added);
  putting_document = true;  // Its own names are no news to the indexer.
  names_changed(object_or.status());
  putting_document = false;
  if (!object_or.ok()) return object_or.status();
  const ObjectId object = object_or.value();
  if (part.puts_passages) {
    if (const Status status = put_vectors(space, object, rows_of(part), added); !status.ok()) {
      if (added && !changes_lost) VEXFS_CHECK_OK(forget_if_bare(object));
      return status;
    }
    part.slots.assign(new_slots.begin(), new_slots.end());
    VEXFS_CHECK_OK(remove_elsewhere(&space, object));
  } else if (added && names->is_nameless(object)) {
    lost(object);
    names_changed({});
  }
  part.row.object = object;
  VEXFS_CHECK_OK(failed(catalog->put_document(part.row)));
  note_change();
  return {};
}

// The document is taken as it is, but for where its passages are.
Status VectorStorageManager::State::put_beside(SpaceState& space, DocumentPart& part) {
  const Status stale(ESTALE, "the document is another by now");
  VEXFS_TRY(object, catalog->find_object(part.key));
  if (!object.has_value()) return stale;
  VEXFS_TRY(row, catalog->document(object->id));
  bool same = row.has_value() && row->state == store::DocumentState::kFresh &&
              row->size == part.row.size && row->mtime_ns == part.row.mtime_ns;
  if (same) {
    bool named = false;
    VEXFS_CHECK_OK(names->names_of(object->id, [&](DirectoryIndex, std::string_view name) {
      named = name == part.name;
      return !named;
    }));
    same = named;
  }
  if (same && part.first_ordinal > 0) {  // Parts that were put before may have gone.
    VEXFS_TRY(before, catalog->passage_of(space.row.id, object->id, part.first_ordinal - 1));
    same = before.has_value();
  }
  if (!same) {
    const bool begun = part.first_ordinal > 0 && !(row.has_value() && row->space == space.row.id);
    if (begun) (void)remove_locked(space, object->id);
    return stale;
  }
  VEXFS_CHECK_OK(put_vectors(space, object->id, rows_of(part), false));
  part.slots.assign(new_slots.begin(), new_slots.end());
  part.row = *row;
  if (!part.last) return {};
  part.row.space = space.row.id;
  VEXFS_CHECK_OK(failed(catalog->put_document(part.row)));
  note_change();
  return {};
}

Status VectorStorageManager::State::remove_elsewhere(const SpaceState* space, ObjectId object) {
  for (const SpacePointer& other : spaces) {
    if (other.get() == space || other->row.filler != store::Filler::kEmbedder) continue;
    const Status removed = remove_locked(*other, object);
    if (!removed.ok() && removed.error() != ENODATA) return removed;
  }
  return {};
}

Status VectorStorageManager::take_back(const OpenSpace& handle, ObjectId object) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  VEXFS_CHECK_OK(state.may_change());
  VEXFS_TRY(row, state.catalog->document(object));
  if (!row.has_value() || row->space == handle.id || row->space == SpaceId{}) return {};
  const State::SpacePointer space = state.find_space(handle.id);
  if (space == nullptr) return Status(ENODATA, "the space is gone");
  row->space = handle.id;
  VEXFS_CHECK_OK(state.failed(state.catalog->put_document(*row)));
  state.note_change();
  return state.remove_elsewhere(space.get(), object);
}

Status VectorStorageManager::put_documents(const OpenSpace& handle, std::span<DocumentPart> parts,
                                           std::optional<SearchEpochs::Entered>* held) {
  State& state = *state_;
  VEXFS_CHECK_OK(state.commit_if_late());
  uint32_t passages = 0;
  for (const DocumentPart& part : parts) passages += static_cast<uint32_t>(part.passages.size());
  handle.knn->wait_for_room(passages);
  const std::lock_guard lock(state.mutex);
  VEXFS_CHECK_OK(state.may_change());
  const State::SpacePointer space = state.find_space(handle.id);
  if (space == nullptr || !space->is_open()) return Status(ENODATA, "the space is gone");
  if (!space->knn->has_room(passages)) return Status(EAGAIN, "too many vectors wait");
  if (held != nullptr) held->emplace(handle.knn->hold());
  for (DocumentPart& part : parts) {
    part.status = state.put_part(*space, part);
    VEXFS_CHECK_OK(state.may_change());
  }
  return {};
}

Status VectorStorageManager::mark_documents_pending(std::span<const ObjectKey> keys) {
  State& state = *state_;
  const std::lock_guard lock(state.mutex);
  VEXFS_CHECK_OK(state.may_change());
  for (const ObjectKey& key : keys) {
    VEXFS_TRY(object, state.catalog->find_object(key));
    if (!object.has_value()) continue;
    const Result<bool> marked = state.catalog->mark_pending(object->id);
    if (!marked.ok()) return state.failed(marked.status());
    if (marked.value()) state.note_change();
  }
  return {};
}

Status VectorStorageManager::name_documents(const std::unordered_map<ObjectId, uint64_t>& hashes) {
  State& state = *state_;
  for (auto next = hashes.begin(); next != hashes.end();) {
    const std::lock_guard lock(state.mutex);
    VEXFS_CHECK_OK(state.may_change());
    for (size_t i = 0; i < limits::kUpkeepBatch && next != hashes.end(); ++i, ++next) {
      VEXFS_TRY(document, state.catalog->document(next->first));
      if (!document.has_value() || document->state != store::DocumentState::kFresh) continue;
      document->name_hash = next->second;
      VEXFS_CHECK_OK(state.failed(state.catalog->put_document(*document)));
      state.note_change();
    }
  }
  return {};
}

Status VectorStorageManager::remove_document(const ObjectKey& key) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  VEXFS_CHECK_OK(state.may_change());
  VEXFS_TRY(object, state.catalog->find_object(key));
  if (!object.has_value()) return {};
  VEXFS_TRY(document, state.catalog->document(object->id));
  if (!document.has_value()) return {};
  VEXFS_CHECK_OK(state.remove_elsewhere(nullptr, object->id));
  VEXFS_CHECK_OK(state.forget_document(object->id));
  return state.forget_if_bare(object->id);
}

// Under mutex.
Status VectorStorageManager::State::forget_document(ObjectId object) {
  VEXFS_TRY(document, catalog->document(object));
  if (!document.has_value()) return {};
  VEXFS_CHECK_OK(failed(catalog->remove_document(object)));
  note_change();
  if (!document->text_kept) return {};
  if (const Status status = texts->remove(object); !status.ok()) {
    log(LogLevel::kWarning, "the text of a file that is gone", status);
  }
  return {};
}

Result<std::optional<Document>> VectorStorageManager::document_of(const ObjectKey& key) {
  const std::lock_guard lock(state_->mutex);
  VEXFS_TRY(object, state_->catalog->find_object(key));
  if (!object.has_value()) return std::optional<Document>();
  return state_->catalog->document(object->id);
}

Result<store::DocumentCounts> VectorStorageManager::count_documents() const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->count_documents();
}

const store::TextFiles& VectorStorageManager::texts() const { return *state_->texts; }

void VectorStorageManager::tell(std::shared_ptr<TextEvents> events) {
  const std::lock_guard lock(state_->mutex);
  const auto place = std::find(state_->text_events.begin(), state_->text_events.end(), nullptr);
  if (place != state_->text_events.end()) *place = std::move(events);
}

void VectorStorageManager::tell_no_more(const TextEvents* events) {
  std::shared_ptr<TextEvents> ended;  // After the lock.
  const std::lock_guard lock(state_->mutex);
  for (std::shared_ptr<TextEvents>& told : state_->text_events) {
    if (told.get() == events) ended = std::move(told);
  }
}

Status VectorStorageManager::write_lexical(const OpenSpace& space, store::ChangeNumber change,
                                           std::span<const std::byte> image) {
  // It holds nothing that a crash could take out of the catalog again.
  VEXFS_CHECK_OK(flush());
  VEXFS_TRY(folder, state_->folder_of(row_of(space), false));
  const store::CheckpointSection section{kLexicalSection, image};
  return store::write_checkpoint(state_->io, folder, store::CheckpointKind::kLexical,
                                 space.parameters, change, {&section, 1});
}

Result<VectorStorageManager::LexicalImage> VectorStorageManager::map_lexical(
    const OpenSpace& space) {
  VEXFS_TRY(folder, state_->folder_of(row_of(space), false));
  VEXFS_TRY(mapped, store::map_newest_checkpoint(
                        state_->io, folder, store::CheckpointKind::kLexical, space.parameters));
  ChangeNumber last;
  {
    const std::lock_guard lock(state_->mutex);
    last = state_->catalog->last_change();
  }
  if (mapped.last_change <= last && mapped.sections.size() == 1 &&
      mapped.sections.front().number == kLexicalSection) {
    return LexicalImage{mapped.last_change, mapped.sections.front().bytes,
                        std::move(mapped.release)};
  }
  if (mapped.release) mapped.release();
  return Status(ESTALE, "a lexical image of another catalog");
}

}  // namespace vexfs::engine
