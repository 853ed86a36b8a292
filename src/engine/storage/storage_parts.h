// StorageParts: the parts of an open store, and its life from opening to closing.
#ifndef VEXFS_ENGINE_STORAGE_STORAGE_PARTS_H_
#define VEXFS_ENGINE_STORAGE_STORAGE_PARTS_H_

#include <memory>

#include "base/status.h"
#include "engine/storage/documents.h"
#include "engine/storage/file_vectors.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/lexical_images.h"
#include "engine/storage/name_changes.h"
#include "engine/storage/object_slots.h"
#include "engine/storage/open_store.h"
#include "engine/storage/orphans.h"
#include "engine/storage/reconciler.h"
#include "engine/storage/spaces.h"
#include "engine/storage/text_events.h"
#include "engine/storage/upkeep.h"

namespace vexfs::engine {

// Each part refers to those before it only. VectorStorageManager is the door to them.
struct StorageParts {
  // See VectorStorageManager::open().
  static Result<std::unique_ptr<StorageParts>> open(FileIo& io, tree::Tree& tree,
                                                    const EngineOptions& options, bool create);
  // Writes checkpoints, makes the last commit, and marks the end as clean.
  ~StorageParts();

  OpenStore store;
  TextListeners listeners;
  Orphans orphans;
  GroupCommit commit{store};
  ObjectSlots slots{store};
  NameChanges names{store, commit, orphans, slots, listeners};
  Spaces spaces{store, commit, orphans, slots, listeners};
  FileVectors vectors{store, commit, orphans, slots, names, spaces};
  Documents documents;
  LexicalImages lexical_images{store, commit, spaces};
  Reconciler reconciler{store, commit, orphans, names, vectors, documents};
  Upkeep upkeep{store, commit, orphans, names, reconciler};

 private:
  StorageParts(FileIo& io, tree::Tree& tree, const EngineOptions& options,
               store::StoreDirectory directory, std::unique_ptr<store::Catalog> catalog,
               store::TextFiles texts, Fd work)
      : store(io, tree, options, std::move(directory), std::move(catalog), std::move(work)),
        documents(store, commit, names, vectors, std::move(texts)) {}

  Status start();
  Status read_catalog() REQUIRES(storage_mutex);
  void close();

  bool started_ = false;  // A store that could not be opened is not written to at its end.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_STORAGE_PARTS_H_
