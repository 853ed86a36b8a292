// Engine's part of the mount's status (JSON) and of its metrics (Prometheus).
#include <algorithm>
#include <ctime>

#include "base/json_writer.h"
#include "base/text_writer.h"
#include "engine/engine_state.h"
#include "engine/query/reply_json.h"
#include "engine/query/space_json.h"

namespace vexfs::engine {
namespace {

void append_component(std::string_view name, std::string_view state, uint32_t start_us,
                      const Status& failure, JsonWriter& json) {
  json.object().member("name", name).member("state", state);
  if (start_us > 0) json.member("start_us", start_us);
  if (!failure.ok()) json.member("errno", failure.error()).member("error", failure.what());
  json.end();
}

void append_store(const StorageReport& report, JsonWriter& json) {
  json.key("store").object().member("read_only", report.read_only);
  json.member("last_change", report.last_change);
  json.member("waiting_changes", report.waiting_changes);
  json.member("log_bytes", report.log_bytes).member("nameless", report.nameless);
  json.member("started_clean", report.started_clean);
  if (!report.failure.ok()) json.member("error", report.failure.what());
  json.end();
}

void append_space_report(const SpaceReport& now, JsonWriter& json) {
  json.object().member("name", now.row.name);
  append_space_parameters(now.row.parameters, json);
  json.member("vectors", now.row.vectors).member("open", now.open);
  if (!now.failure.ok()) json.member("error", now.failure.what());
  if (now.open) {
    const KnnSearchEngine::Statistics& statistics = now.statistics;
    json.member("start_us", now.start_us).member("linked", statistics.linked);
    json.member("pending", statistics.pending).member("unlinking", statistics.unlinking);
    json.member("resident_bytes", statistics.resident_bytes).member("disk_bytes", now.disk_bytes);
    json.member("searches", statistics.searches).member("checkpoint", statistics.checkpoint);
    if (statistics.checkpoint_time != 0) {
      const int64_t age = int64_t{std::time(nullptr)} - statistics.checkpoint_time;
      json.member("checkpoint_age_s", std::max<int64_t>(0, age));
    }
    if (statistics.self_check_recall >= 0) {
      json.key("self_check_recall").fixed(double{statistics.self_check_recall}, 4);
    }
  }
  json.end();
}

// Writes the line with the type of a metric, which comes before its values.
TextWriter begin_metric(std::string_view name, std::string_view kind, std::string& prometheus) {
  TextWriter out(prometheus);
  out.text("# TYPE ").text(name).character(' ').text(kind).character('\n');
  return out;
}

void write_value(std::string_view name, std::string_view kind, uint64_t value,
                 std::string& prometheus) {
  TextWriter out = begin_metric(name, kind, prometheus);
  out.text(name).character(' ').number(value).character('\n');
}

// Writes one line of a metric for each space.
template <typename Value>
void write_of_spaces(const StorageReport& report, std::string_view name, std::string_view kind,
                     std::string& prometheus, Value value) {
  TextWriter out = begin_metric(name, kind, prometheus);
  for (const SpaceReport& now : report.spaces) {
    out.text(name).text("{space=").json(now.row.name).text("} ");
    out.number(value(now)).character('\n');
  }
}

void write_text_metrics(const TextProgress& text, std::string& prometheus) {
  TextWriter out = begin_metric("vexfs_text_documents", "gauge", prometheus);
  const auto documents = [&out](std::string_view state, uint64_t value) {
    out.text("vexfs_text_documents{state=\"").text(state).text("\"} ").number(value);
    out.character('\n');
  };
  documents("fresh", text.documents);
  documents("pending", text.pending);
  documents("failed", text.failed);
  documents("skipped", text.skipped);
  write_value("vexfs_text_passages", "gauge", text.passages, prometheus);
}

void write_storage_metrics(const StorageReport& report, std::string& prometheus) {
  write_of_spaces(report, "vexfs_space_vectors", "gauge", prometheus,
                  [](const SpaceReport& now) { return now.row.vectors; });
  write_of_spaces(report, "vexfs_space_pending_vectors", "gauge", prometheus,
                  [](const SpaceReport& now) { return now.statistics.pending; });
  write_of_spaces(report, "vexfs_space_unlinking_vectors", "gauge", prometheus,
                  [](const SpaceReport& now) { return now.statistics.unlinking; });
  write_of_spaces(report, "vexfs_space_resident_bytes", "gauge", prometheus,
                  [](const SpaceReport& now) { return now.statistics.resident_bytes; });
  write_of_spaces(report, "vexfs_space_disk_bytes", "gauge", prometheus,
                  [](const SpaceReport& now) { return now.disk_bytes; });
  write_of_spaces(report, "vexfs_space_searches_total", "counter", prometheus,
                  [](const SpaceReport& now) { return now.statistics.searches; });
  write_of_spaces(report, "vexfs_space_checkpoint_change", "gauge", prometheus,
                  [](const SpaceReport& now) { return now.statistics.checkpoint; });
  write_value("vexfs_vectors_set_total", "counter", report.sets, prometheus);
  write_value("vexfs_vectors_got_total", "counter", report.gets, prometheus);
  write_value("vexfs_vectors_removed_total", "counter", report.removes, prometheus);
  write_value("vexfs_commits_total", "counter", report.commits, prometheus);
}

}  // namespace

void Engine::write_status(JsonWriter& json) const {
  State& state = *state_;
  State::Phase phase;
  Status failure;
  Status text_failure;
  {
    const MutexLock lock(state.mutex);
    phase = state.phase;
    failure = state.failure;
    text_failure = state.text_failure;
  }
  const TextService* const service = state.text_doors();
  const bool has_text = service != nullptr;
  std::string_view word = "off";
  if (phase == State::Phase::kStarting) word = "starting";
  if (phase == State::Phase::kUp) word = "up";
  if (phase == State::Phase::kFailed) word = "failed";
  const bool is_up = phase == State::Phase::kUp;
  const StorageReport report = is_up ? state.storage->report() : StorageReport();
  json.key("components").array();
  append_component("VectorStorageManager", word, state.start_us, failure, json);
  append_component("VectorSearchEngine", word, 0, {}, json);
  append_component("TextIndex",
                   has_text            ? "up"
                   : text_failure.ok() ? "off"
                                       : "failed",
                   has_text ? service->start_us() : 0, has_text ? Status() : text_failure, json);
  for (const SpaceReport& space : report.spaces) {
    append_component("KnnSearchEngine:" + space.row.name, space.open ? "up" : "off", space.start_us,
                     space.failure, json);
  }
  json.end();
  if (!is_up) return;
  const VectorSearchEngine::Statistics searches = state.search->statistics();
  json.key("searches").object().member("count", searches.searches);
  json.member("cached", searches.cached).member("filters", searches.filters);
  json.member("refills", searches.refills).end();
  if (has_text) {
    json.key("text").object().member("embedder", service->embedder_name());
    append_progress(text_progress(), true, json);
    json.end();
  }
  append_store(report, json);
  json.key("spaces").array();
  for (const SpaceReport& space : report.spaces) append_space_report(space, json);
  json.end();
}

void Engine::write_metrics(std::string& prometheus) const {
  const State::Phase phase = state_->phase;
  write_value("vexfs_engine_up", "gauge", phase == State::Phase::kUp ? 1 : 0, prometheus);
  if (phase != State::Phase::kUp) return;
  const VectorSearchEngine::Statistics searches = state_->search->statistics();
  write_value("vexfs_searches_total", "counter", searches.searches, prometheus);
  write_value("vexfs_searches_cached_total", "counter", searches.cached, prometheus);
  write_value("vexfs_search_filters_total", "counter", searches.filters, prometheus);
  write_value("vexfs_search_refills_total", "counter", searches.refills, prometheus);
  if (state_->text_doors() != nullptr) write_text_metrics(text_progress(), prometheus);
  write_storage_metrics(state_->storage->report(), prometheus);
}

}  // namespace vexfs::engine
