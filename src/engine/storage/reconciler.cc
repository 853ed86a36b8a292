// Requests and commits go on between the steps. A space that opens goes first: somebody waits for
// it, and needs the CPUs more.
#include "engine/storage/reconciler.h"

#include <chrono>

#include "base/limits.h"
#include "base/log.h"

namespace vexfs::engine {

using Clock = std::chrono::steady_clock;

void Reconciler::commit_beside() {
  if (const Status status = commit_.commit_if_due(); !status.ok()) {
    log(LogLevel::kWarning, "commit beside the scan of names", status);
  }
}

void Reconciler::wait_for_openings(Clock::time_point end) {
  for (;;) {
    {
      MutexLock lock(store_.mutex());
      if (!store_.spaces.is_opening_any() || Clock::now() >= end) return;
      store_.spaces.wait_for_phase(lock, std::chrono::milliseconds(limits::kCommitDelayMs));
    }
    commit_beside();
  }
}

Status Reconciler::run(NameTable::Extent extent) {
  const auto patience = Clock::now() + std::chrono::milliseconds(limits::kOpeningPatienceMs);
  const auto step_locked = [&](FunctionRef<void()> step) {
    wait_for_openings(patience);
    {
      const MutexLock lock(store_.mutex());
      step();
      names_.settle({});
    }
    commit_beside();
  };
  NameTable* table;  // Only this thread replaces it (Upkeep::take_up_again).
  {
    const MutexLock lock(store_.mutex());
    table = store_.names.get();
  }
  VEXFS_TRY(done, table->reconcile(step_locked, extent));
  {
    const MutexLock lock(store_.mutex());
    orphans_.set_known();
    if (extent == NameTable::Extent::kAll) names_.end_reconciliation();
  }
  for (const ObjectId object : done.dead) {
    MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    if (const Status status = forget(object, lock); !status.ok()) {
      log(LogLevel::kWarning, "a file that is gone keeps its vectors", status);
    }
  }
  return {};
}

Status Reconciler::forget(ObjectId object, MutexLock& lock) {
  store_.spaces.wait_while_opening_any(lock);
  VEXFS_CHECK_OK(vectors_.remove_from_all(object));
  VEXFS_CHECK_OK(documents_.forget(object));
  return vectors_.forget_if_bare(object);
}

}  // namespace vexfs::engine
