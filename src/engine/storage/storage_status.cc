// Reports on the store and its spaces: the mount's status and metrics.
#include <sys/stat.h>

#include <cstring>
#include <ctime>

#include "base/text_writer.h"
#include "engine/storage/storage_state.h"

namespace vexfs::engine {
namespace {

int64_t age_seconds(int64_t since) {
  return std::max<int64_t>(0, static_cast<int64_t>(std::time(nullptr)) - since);
}

void write_space(const SpaceReport& now, std::string& json) {
  const SpaceParameters& parameters = now.row.parameters;
  TextWriter out(json);
  out.text("{\"name\":").json(now.row.name).text(",\"dim\":").number(parameters.dim);
  out.text(",\"metric\":").json(name_of(parameters.metric)).text(",\"storage\":");
  out.json(name_of(parameters.element));
  out.text(",\"m\":").number(parameters.m);
  out.text(",\"ef_construction\":").number(parameters.ef_construction);
  out.text(",\"ef_search\":").number(parameters.ef_search);
  out.text(",\"vectors\":").number(now.row.vectors);
  out.text(",\"open\":").text(now.open ? "true" : "false");
  if (!now.failure.ok()) out.text(",\"error\":").json(now.failure.what());
  if (now.open) {
    out.text(",\"start_us\":").number(now.start_us);
    out.text(",\"linked\":").number(now.statistics.linked);
    out.text(",\"pending\":").number(now.statistics.pending);
    out.text(",\"unlinking\":").number(now.statistics.unlinking);
    out.text(",\"resident_bytes\":").number(now.statistics.resident_bytes);
    out.text(",\"disk_bytes\":").number(now.disk_bytes);
    out.text(",\"searches\":").number(now.statistics.searches);
    out.text(",\"checkpoint\":").number(now.statistics.checkpoint);
    if (now.statistics.checkpoint_time != 0) {
      out.text(",\"checkpoint_age_s\":").number(age_seconds(now.statistics.checkpoint_time));
    }
    if (now.statistics.self_check_recall >= 0) {
      out.text(",\"self_check_recall\":").fixed(double{now.statistics.self_check_recall}, 4);
    }
  }
  out.text("}");
}

// One line of a metric for each space.
template <typename Value>
void write_metric(const std::vector<SpaceReport>& all, std::string_view name, std::string_view kind,
                  std::string& text, Value value) {
  TextWriter out(text);
  out.text("# TYPE ").text(name).character(' ').text(kind).character('\n');
  for (const SpaceReport& now : all) {
    out.text(name).text("{space=").json(now.row.name).text("} ");
    out.number(value(now)).character('\n');
  }
}

}  // namespace

std::vector<SpaceReport> VectorStorageManager::State::report() const {
  std::vector<SpaceReport> all;
  {
    const std::lock_guard lock(mutex);
    for (const SpacePointer& space : spaces) {
      all.push_back({space, space->row, space->is_open(), space->start_us, space->failure, {}, 0});
    }
  }
  for (SpaceReport& now : all) {
    if (!now.open) continue;
    now.statistics = now.space->knn->statistics();
    now.disk_bytes = now.space->vectors->disk_bytes();
  }
  return all;
}

std::vector<VectorStorageManager::Component> VectorStorageManager::components() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<Component> all;
  for (const State::SpacePointer& space : state_->spaces) {
    all.push_back({space->row.name, space->is_open(), space->start_us, space->failure});
  }
  return all;
}

void VectorStorageManager::write_status(std::string& json) const {
  const std::vector<SpaceReport> all = state_->report();
  TextWriter out(json);
  {
    const std::lock_guard lock(state_->mutex);
    const uint64_t waiting = state_->changes - state_->durable_changes;
    out.text("\"store\":{\"read_only\":").text(state_->options.read_only ? "true" : "false");
    out.text(",\"last_change\":").number(state_->catalog->last_change());
    out.text(",\"waiting_changes\":").number(waiting);
    out.text(",\"log_bytes\":").number(state_->catalog->log_bytes());
    out.text(",\"nameless\":").number(state_->orphans.size());
    out.text(",\"started_clean\":").text(state_->was_clean ? "true" : "false");
    if (!state_->refusal.ok()) out.text(",\"error\":").json(state_->lost_why.what());
    out.text("},\"spaces\":[");
  }
  for (size_t i = 0; i < all.size(); ++i) {
    if (i > 0) out.character(',');
    write_space(all[i], json);
  }
  out.character(']');
}

void VectorStorageManager::write_metrics(std::string& text) const {
  const std::vector<SpaceReport> all = state_->report();
  write_metric(all, "vexfs_space_vectors", "gauge", text,
               [](const SpaceReport& now) { return now.row.vectors; });
  write_metric(all, "vexfs_space_pending_vectors", "gauge", text,
               [](const SpaceReport& now) { return now.statistics.pending; });
  write_metric(all, "vexfs_space_unlinking_vectors", "gauge", text,
               [](const SpaceReport& now) { return now.statistics.unlinking; });
  write_metric(all, "vexfs_space_resident_bytes", "gauge", text,
               [](const SpaceReport& now) { return now.statistics.resident_bytes; });
  write_metric(all, "vexfs_space_disk_bytes", "gauge", text,
               [](const SpaceReport& now) { return now.disk_bytes; });
  write_metric(all, "vexfs_space_searches_total", "counter", text,
               [](const SpaceReport& now) { return now.statistics.searches; });
  write_metric(all, "vexfs_space_checkpoint_change", "gauge", text,
               [](const SpaceReport& now) { return now.statistics.checkpoint; });
  const auto counter = [&](std::string_view name, uint64_t value) {
    TextWriter(text)
        .text("# TYPE ")
        .text(name)
        .text(" counter\n")
        .text(name)
        .character(' ')
        .number(value);
    text.push_back('\n');
  };
  counter("vexfs_vectors_set_total", state_->sets.load());
  counter("vexfs_vectors_got_total", state_->gets.load());
  counter("vexfs_vectors_removed_total", state_->removes.load());
  counter("vexfs_commits_total", state_->commits.load());
}

}  // namespace vexfs::engine
