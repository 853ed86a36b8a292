// Documents: what of files' texts is indexed, beside the vectors of their passages.
#ifndef VEXFS_ENGINE_STORAGE_DOCUMENTS_H_
#define VEXFS_ENGINE_STORAGE_DOCUMENTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/space/search_epochs.h"
#include "engine/storage/file_vectors.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/name_changes.h"
#include "engine/storage/open_store.h"
#include "engine/storage/storage_mutex.h"
#include "engine/storage/storage_values.h"
#include "store/text_files.h"

namespace vexfs::engine {

// A document is the catalog's row about a file's text. Its passages are in one space that an
// embedder fills; while another space is filled to take its place (`text~` beside `text`), they may
// be in both, and the row says which of them has the document whole.
//
// Threads: all methods may run at once, with a large stack, but for document_of(), which request
// threads may call. The storage mutex is held while rows are read and written.
class Documents {
 public:
  Documents(OpenStore& store, GroupCommit& commit, NameChanges& names, FileVectors& vectors,
            store::TextFiles texts)
      : store_(store),
        commit_(commit),
        names_(names),
        vectors_(vectors),
        texts_(std::move(texts)) {}

  // --- See VectorStorageManager for each.
  Status put(const OpenSpace& space, std::span<DocumentPart> parts,
             std::optional<SearchEpochs::Entered>* held) EXCLUDES(storage_mutex);
  Status mark_pending(std::span<const ObjectKey> keys) EXCLUDES(storage_mutex);
  Status set_names(const std::unordered_map<ObjectId, uint64_t>& hashes) EXCLUDES(storage_mutex);
  Status take_back(const OpenSpace& space, ObjectId object) EXCLUDES(storage_mutex);
  Status remove(const ObjectKey& key) EXCLUDES(storage_mutex);
  Result<std::optional<store::Document>> document_of(const ObjectKey& key) const
      EXCLUDES(storage_mutex);
  Result<store::DocumentCounts> count() const EXCLUDES(storage_mutex);
  const store::TextFiles& texts() const { return texts_; }

  // Removes the row and the kept text; passages stay.
  Status forget(ObjectId object) REQUIRES(storage_mutex);

 private:
  Status put_part(SpaceState& space, DocumentPart& part) REQUIRES(storage_mutex);
  // The document is taken as it is, but for where its passages are.
  Status put_beside(SpaceState& space, DocumentPart& part) REQUIRES(storage_mutex);
  // Whether the catalog has the document that the part was made of, with all parts before it.
  Result<bool> is_same(const SpaceState& space, ObjectId object, const DocumentPart& part,
                       const std::optional<store::Document>& row) REQUIRES(storage_mutex);
  // Removes its passages from the other spaces that embedders fill; nullptr: from all.
  Status remove_elsewhere(const SpaceState* space, ObjectId object) REQUIRES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  NameChanges& names_;
  FileVectors& vectors_;
  store::TextFiles texts_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_DOCUMENTS_H_
