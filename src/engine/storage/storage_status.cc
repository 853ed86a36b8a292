// The report of the store: counters are copied under the lock, spaces are asked without it.
#include <utility>

#include "engine/storage/storage_report.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {

StorageReport VectorStorageManager::report() const {
  StorageReport report;
  std::vector<State::SpacePointer> all;
  {
    const std::lock_guard lock(state_->mutex);
    report.read_only = state_->options.read_only;
    report.last_change = state_->catalog->last_change();
    report.waiting_changes = state_->changes - state_->durable_changes;
    report.log_bytes = state_->catalog->log_bytes();
    report.nameless = state_->orphans.size();
    report.started_clean = state_->was_clean;
    if (!state_->refusal.ok()) report.failure = state_->lost_why;
    for (const State::SpacePointer& space : state_->spaces) {
      report.spaces.push_back(
          {space->row, space->is_open(), space->start_us, space->failure, {}, 0});
      all.push_back(space);
    }
  }
  for (size_t i = 0; i < all.size(); ++i) {
    SpaceReport& now = report.spaces[i];
    if (!now.open) continue;
    now.statistics = all[i]->knn->statistics();
    now.disk_bytes = all[i]->vectors->disk_bytes();
  }
  report.sets = state_->sets.load();
  report.gets = state_->gets.load();
  report.removes = state_->removes.load();
  report.commits = state_->commits.load();
  return report;
}

}  // namespace vexfs::engine
