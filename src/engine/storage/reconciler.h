// Reconciler: asks the tree which names and objects are still there.
#ifndef VEXFS_ENGINE_STORAGE_RECONCILER_H_
#define VEXFS_ENGINE_STORAGE_RECONCILER_H_

#include "base/mutex.h"
#include "base/status.h"
#include "engine/names/name_table.h"
#include "engine/storage/documents.h"
#include "engine/storage/file_vectors.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/name_changes.h"
#include "engine/storage/open_store.h"
#include "engine/storage/orphans.h"
#include "engine/storage/storage_mutex.h"

namespace vexfs::engine {

// NameTable::reconcile in small steps, between which requests, commits and the opening of spaces go
// on; then the objects whose inodes are gone are forgotten, with all that they have.
//
// Threads: one at a time (the maintenance thread), with a large stack.
class Reconciler {
 public:
  Reconciler(OpenStore& store, GroupCommit& commit, Orphans& orphans, NameChanges& names,
             FileVectors& vectors, Documents& documents)
      : store_(store),
        commit_(commit),
        orphans_(orphans),
        names_(names),
        vectors_(vectors),
        documents_(documents) {}

  Status run(NameTable::Extent extent) EXCLUDES(storage_mutex);

 private:
  void commit_beside() EXCLUDES(storage_mutex);
  void wait_for_openings(std::chrono::steady_clock::time_point end) EXCLUDES(storage_mutex);
  // Its vectors in all spaces, its document, its names. Waits for spaces that are opening.
  Status forget(ObjectId object, MutexLock& lock) REQUIRES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  Orphans& orphans_;
  NameChanges& names_;
  FileVectors& vectors_;
  Documents& documents_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_RECONCILER_H_
