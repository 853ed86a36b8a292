// The list of passes, and when the next is due.
#include "engine/storage/upkeep.h"

#include <unistd.h>

#include <algorithm>
#include <vector>

#include "base/limits.h"
#include "base/log.h"

namespace vexfs::engine {
namespace {

constexpr auto kReconcileDelay = std::chrono::seconds(10);
constexpr auto kDroppedSpaceDelay = std::chrono::milliseconds(1000);
constexpr int64_t kWaitMsMax = 60'000;

}  // namespace

int Upkeep::maintain() {
  uint64_t count;
  [[maybe_unused]] const ssize_t drained = ::read(store_.work.get(), &count, sizeof count);
  if (store_.options.read_only) return -1;
  if (const Status status = commit_.commit_if_due(); !status.ok()) {
    log(LogLevel::kError, "group commit", status);
  }
  take_up_again();
  look_after_orphans();
  end_dropped_spaces();
  reconcile_if_due();
  shorten_log();
  hole_puncher_.run(Clock::now());
  return next_wait_ms();
}

int Upkeep::next_wait_ms() {
  const MutexLock lock(store_.mutex());
  const Clock::time_point now = Clock::now();
  Clock::time_point next = std::min(orphans_.due(), hole_puncher_.due());
  if (store_.spaces.has_dropped()) next = std::min(next, now + kDroppedSpaceDelay);
  if (commit_.refusal().ok()) next = std::min(next, names_.reconciliation_due());
  const int commit_ms = commit_.due_ms();
  if (next == Clock::time_point::max()) return commit_ms;
  if (next <= now) return 0;
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - now).count() + 1;
  const int wait_ms = static_cast<int>(std::min<int64_t>(left, kWaitMsMax));
  return commit_ms < 0 ? wait_ms : std::min(wait_ms, commit_ms);
}

Status Upkeep::reconcile() {
  {
    const MutexLock lock(store_.mutex());
    VEXFS_CHECK_OK(commit_.may_change());
    names_.begin_reconciliation();
  }
  return reconciler_.run(NameTable::Extent::kAll);
}

// Objects that have no name may be open, or have names that nobody knows, or be gone.
void Upkeep::look_after_orphans() {
  {
    const MutexLock lock(store_.mutex());
    if (!commit_.may_change().ok() || !orphans_.take_due(Clock::now())) return;
  }
  const Status status = reconciler_.run(NameTable::Extent::kNameless);
  if (!status.ok()) log(LogLevel::kWarning, "files without a name", status);
}

void Upkeep::end_dropped_spaces() {
  std::vector<SpacePointer> unused;  // They end after the lock.
  const MutexLock lock(store_.mutex());
  unused = store_.spaces.take_unused();
}

// Names that could not be recorded: the tree is asked.
void Upkeep::reconcile_if_due() {
  {
    const MutexLock lock(store_.mutex());
    const Clock::time_point now = Clock::now();
    if (now < names_.reconciliation_due() || !commit_.may_change().ok()) return;
    names_.begin_reconciliation(now + kReconcileDelay);
  }
  const Status status = reconciler_.run(NameTable::Extent::kAll);
  if (!status.ok()) log(LogLevel::kWarning, "names of the catalog", status);
}

void Upkeep::shorten_log() {
  const MutexLock commit_lock(commit_.mutex());
  const MutexLock lock(store_.mutex());
  if (!commit_.may_change().ok()) return;
  store::Catalog& catalog = *store_.catalog;
  if (catalog.log_bytes() <= limits::kCatalogLogBytes || catalog.changed()) return;
  const Status status = catalog.checkpoint();
  if (!status.ok()) log(LogLevel::kWarning, "checkpoint of the catalog", status);
}

// The catalog stands at its last commit. Graphs and names that know of later changes go, and are
// made from it anew; searches that hold the old graphs end with them.
void Upkeep::take_up_again() {
  std::vector<SpacePointer> old;
  {
    const MutexLock commit_lock(commit_.mutex());
    MutexLock lock(store_.mutex());
    if (!commit_.changes_lost()) return;
    store_.spaces.wait_while_opening_any(lock);
    Result<std::vector<SpacePointer>> replaced = read_again();
    if (!replaced.ok()) {
      log(LogLevel::kError, "the catalog cannot be read after a failure", replaced.status());
      return;
    }
    old = std::move(replaced.value());
    names_.forget_events();
    orphans_.clear();
    commit_.start_again();
    names_.want_reconciliation();
  }
  for (const SpacePointer& space : old) {
    if (space->knn != nullptr) space->knn->stop();
  }
}

// Names and spaces as the catalog has them now; returns the spaces before.
Result<std::vector<SpacePointer>> Upkeep::read_again() {
  VEXFS_CHECK_OK(store_.catalog->roll_back());
  auto fresh = std::make_unique<NameTable>(*store_.catalog, store_.tree, names_);
  VEXFS_CHECK_OK(fresh->start());
  VEXFS_TRY(rows, store_.catalog->spaces());
  store_.names = std::move(fresh);
  return store_.spaces.replace(std::move(rows));
}

}  // namespace vexfs::engine
