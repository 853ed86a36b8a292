// What the maintenance thread does beside commits: orphans, free space, the catalog's log, and the
// return from a failure.
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/log.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {
namespace {

constexpr auto kOrphanDelayMin = std::chrono::milliseconds(100);
constexpr auto kOrphanDelayMax = std::chrono::milliseconds(60'000);
constexpr auto kReconcileDelay = std::chrono::seconds(10);
constexpr auto kQuietBeforePunching = std::chrono::milliseconds(500);

}  // namespace

int VectorStorageManager::work_fd() const { return state_->work.get(); }

// A request may hold the last but one pointer to a space that was dropped meanwhile; its end takes
// more stack than a request has.
void VectorStorageManager::State::end_dropped_spaces() {
  std::vector<SpacePointer> unused;  // They end after the lock.
  const std::lock_guard lock(mutex);
  const auto first =
      std::partition(dropped_spaces.begin(), dropped_spaces.end(),
                     [](const SpacePointer& space) { return space.use_count() > 1; });
  std::move(first, dropped_spaces.end(), std::back_inserter(unused));
  dropped_spaces.erase(first, dropped_spaces.end());
}

int VectorStorageManager::maintain() {
  State& state = *state_;
  uint64_t count;
  [[maybe_unused]] const ssize_t drained = ::read(state.work.get(), &count, sizeof count);
  if (state.options.read_only) return -1;
  if (const Status status = state.commit_if_due(); !status.ok()) {
    log(LogLevel::kError, "group commit", status);
  }
  state.take_up_again();
  state.look_after_orphans();
  state.end_dropped_spaces();
  state.reconcile_if_due();
  state.give_back_space();
  const std::lock_guard lock(state.mutex);
  int wait_ms = state.commit_due_ms();
  const auto at_most = [&wait_ms](int64_t ms) {
    const int bounded = static_cast<int>(std::clamp<int64_t>(ms, 0, 60'000));
    wait_ms = wait_ms < 0 ? bounded : std::min(wait_ms, bounded);
  };
  const auto until = [](State::Clock::time_point when) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(when - State::Clock::now())
               .count() +
           1;
  };
  if (!state.dropped_spaces.empty()) at_most(1000);
  if (state.may_have_orphans()) at_most(until(state.orphans_due));
  if (state.wants_reconcile && state.refusal.ok()) at_most(until(state.reconcile_after));
  const bool punch = std::any_of(state.spaces.begin(), state.spaces.end(), [](const auto& space) {
    return space->freed.anything_to_punch();
  });
  if (punch) at_most(until(state.last_change + kQuietBeforePunching));
  return wait_ms;
}

// Objects that have no name may be open, or have names that nobody knows, or be gone.
void VectorStorageManager::State::look_after_orphans() {
  {
    const std::lock_guard lock(mutex);
    if (!may_have_orphans() || Clock::now() < orphans_due || !may_change().ok()) return;
    orphans_delay = std::clamp(orphans_delay * 2, kOrphanDelayMin, kOrphanDelayMax);
    orphans_due = Clock::now() + orphans_delay;
  }
  const Status status = reconcile(NameTable::Extent::kNameless);
  if (!status.ok()) log(LogLevel::kWarning, "files without a name", status);
}

void VectorStorageManager::State::want_reconcile() {
  wants_reconcile = true;
  names_known = false;
}

// Names that could not be recorded: the tree is asked.
void VectorStorageManager::State::reconcile_if_due() {
  {
    const std::lock_guard lock(mutex);
    if (!wants_reconcile || Clock::now() < reconcile_after || !may_change().ok()) return;
    wants_reconcile = false;
    reconcile_after = Clock::now() + kReconcileDelay;
  }
  const Status status = reconcile(NameTable::Extent::kAll);
  if (!status.ok()) log(LogLevel::kWarning, "names of the catalog", status);
}

void VectorStorageManager::State::give_back_space() {
  std::vector<std::pair<SpacePointer, uint32_t>> punch;
  bool shrunk = false;
  {
    const std::lock_guard commit_lock(commit_mutex);
    {
      const std::lock_guard lock(mutex);
      if (!may_change().ok()) return;
      if (catalog->log_bytes() > limits::kCatalogLogBytes && !catalog->changed()) {
        const Status status = catalog->checkpoint();
        if (!status.ok()) log(LogLevel::kWarning, "checkpoint of the catalog", status);
      }
      if (Clock::now() < last_change + kQuietBeforePunching || changes != durable_changes) return;
      for (const SpacePointer& space : spaces) {
        if (!space->is_open() || !space->freed.anything_to_punch()) continue;
        const Result<uint32_t> end = catalog->shrink(space->row.id, 0);
        if (!end.ok()) continue;
        const uint32_t unused = space->freed.unused_before(end.value());
        const Result<uint32_t> now = catalog->shrink(space->row.id, unused);
        if (!now.ok()) continue;
        shrunk |= now.value() < end.value();
        punch.emplace_back(space, now.value());
      }
      if (shrunk) note_change();
    }
    if (shrunk && !commit().ok()) return;
  }
  for (const auto& [space, slots_end] : punch) punch_holes(space, slots_end);
}

void VectorStorageManager::State::punch_holes(const SpacePointer& space, uint32_t slots_end) {
  {
    const std::lock_guard lock(mutex);
    // Slots may have been added meanwhile.
    const Result<uint32_t> end = catalog->shrink(space->row.id, 0);
    if (end.ok() && end.value() == slots_end) {
      const Status status = space->vectors->truncate(slots_end);
      if (!status.ok()) log(LogLevel::kWarning, "cutting a vector file", status);
      space->freed.cut(slots_end);
    }
  }
  std::array<FreedSlots::Run, 16> runs;
  uint32_t from = 0;
  for (;;) {
    const std::lock_guard lock(mutex);
    const size_t count = space->freed.runs(from, slots_end, runs);
    if (count == 0 || !space->current) return;
    for (size_t i = 0; i < count; ++i) {
      const Status status = space->vectors->punch(Slot{runs[i].first}, runs[i].count);
      if (!status.ok()) log(LogLevel::kWarning, "punching a vector file", status);
      space->freed.punched(runs[i]);
    }
    from = runs[count - 1].first + runs[count - 1].count;
  }
}

// The catalog stands at its last commit. Graphs and names that know of later changes go, and are
// made from it anew; searches that hold the old graphs end with them.
void VectorStorageManager::State::take_up_again() {
  std::vector<SpacePointer> old;
  {
    const std::lock_guard commit_lock(commit_mutex);
    std::unique_lock lock(mutex);
    if (!changes_lost) return;
    phase_changed.wait(lock, [this] {
      return std::none_of(spaces.begin(), spaces.end(), [](const SpacePointer& space) {
        return space->phase == SpaceState::Phase::kOpening;
      });
    });
    Status status = catalog->roll_back();
    auto fresh = std::make_unique<NameTable>(*catalog, tree, *this);
    if (status.ok()) status = fresh->start();
    Result<std::vector<store::Space>> rows = catalog->spaces();
    if (status.ok()) status = rows.status();
    if (!status.ok()) {
      log(LogLevel::kError, "the catalog cannot be read after a failure", status);
      return;
    }
    names = std::move(fresh);
    events.clear();
    orphans.clear();
    old.swap(spaces);
    for (store::Space& row : rows.value()) {
      spaces.push_back(std::make_shared<SpaceState>());
      spaces.back()->row = std::move(row);
    }
    for (const SpacePointer& space : old) space->current = false;
    ++changes;
    committed_changes = changes;
    durable_changes = changes;
    durable_change = catalog->last_change();
    changes_lost = false;
    generation.fetch_add(1);
    want_reconcile();
    // Only a lack of space passes by itself; what a disk refused to sync may be anything now.
    if (lost_why.error() == ENOSPC || lost_why.error() == EDQUOT) refusal = Status();
  }
  for (const SpacePointer& space : old) {
    if (space->knn != nullptr) space->knn->stop();
  }
}

}  // namespace vexfs::engine
