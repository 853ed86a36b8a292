// Upkeep: what the maintenance thread does for an open store.
#ifndef VEXFS_ENGINE_STORAGE_UPKEEP_H_
#define VEXFS_ENGINE_STORAGE_UPKEEP_H_

#include <chrono>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/hole_puncher.h"
#include "engine/storage/name_changes.h"
#include "engine/storage/open_store.h"
#include "engine/storage/orphans.h"
#include "engine/storage/reconciler.h"
#include "engine/storage/storage_mutex.h"

namespace vexfs::engine {

// Each call does what is due: a commit, the return from a loss of changes, a look at the orphans,
// the end of dropped spaces, a reconciliation of all names, a checkpoint of the catalog's log, and
// the return of disk space.
//
// Threads: one at a time, with a large stack.
class Upkeep {
 public:
  using Clock = std::chrono::steady_clock;

  Upkeep(OpenStore& store, GroupCommit& commit, Orphans& orphans, NameChanges& names,
         Reconciler& reconciler)
      : store_(store),
        commit_(commit),
        orphans_(orphans),
        names_(names),
        reconciler_(reconciler),
        hole_puncher_(store, commit) {}

  // See VectorStorageManager for both.
  int maintain() EXCLUDES(storage_mutex);
  Status reconcile() EXCLUDES(storage_mutex);

 private:
  void take_up_again() EXCLUDES(storage_mutex);
  Result<std::vector<SpacePointer>> read_again() REQUIRES(storage_mutex);
  void look_after_orphans() EXCLUDES(storage_mutex);
  void end_dropped_spaces() EXCLUDES(storage_mutex);
  void reconcile_if_due() EXCLUDES(storage_mutex);
  void shorten_log() EXCLUDES(storage_mutex);
  int next_wait_ms() EXCLUDES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
  Orphans& orphans_;
  NameChanges& names_;
  Reconciler& reconciler_;
  HolePuncher hole_puncher_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_UPKEEP_H_
