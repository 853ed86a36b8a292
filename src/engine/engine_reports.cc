// Engine's part of the mount's status and metrics.
#include "base/text_writer.h"
#include "engine/engine_state.h"

namespace vexfs::engine {
namespace {

void write_component(std::string& json, std::string_view name, std::string_view state,
                     uint32_t start_us, const Status& failure) {
  TextWriter out(json);
  if (json.back() != '[') out.character(',');
  out.text("{\"name\":").json(name).text(",\"state\":").json(state);
  if (start_us > 0) out.text(",\"start_us\":").number(start_us);
  if (!failure.ok()) {
    out.text(",\"errno\":").number(failure.error()).text(",\"error\":").json(failure.what());
  }
  out.character('}');
}

}  // namespace

void Engine::write_status(std::string& json) const {
  State& state = *state_;
  State::Phase phase;
  Status failure;
  {
    const std::lock_guard lock(state.mutex);
    phase = state.phase;
    failure = state.failure;
  }
  std::string_view word = "off";
  if (phase == State::Phase::kStarting) word = "starting";
  if (phase == State::Phase::kUp) word = "up";
  if (phase == State::Phase::kFailed) word = "failed";
  json += "\"components\":[";
  write_component(json, "VectorStorageManager", word, state.start_us, failure);
  write_component(json, "VectorSearchEngine", word, 0, {});
  if (phase == State::Phase::kUp) {
    for (const VectorStorageManager::Component& component : state.storage->components()) {
      write_component(json, "KnnSearchEngine:" + component.space, component.open ? "up" : "off",
                      component.start_us, component.failure);
    }
  }
  json += ']';
  if (phase != State::Phase::kUp) return;
  const VectorSearchEngine::Statistics searches = state.search->statistics();
  TextWriter out(json);
  out.text(",\"searches\":{\"count\":").number(searches.searches);
  out.text(",\"cached\":").number(searches.cached).text(",\"filters\":").number(searches.filters);
  out.text(",\"refills\":").number(searches.refills).text("},");
  state.storage->write_status(json);
}

void Engine::write_metrics(std::string& prometheus) const {
  TextWriter out(prometheus);
  const State::Phase phase = state_->phase;
  out.text("# TYPE vexfs_engine_up gauge\nvexfs_engine_up ");
  out.number(phase == State::Phase::kUp ? 1 : 0).character('\n');
  if (phase != State::Phase::kUp) return;
  const VectorSearchEngine::Statistics searches = state_->search->statistics();
  const auto counter = [&out](std::string_view name, uint64_t value) {
    out.text("# TYPE ").text(name).text(" counter\n").text(name).character(' ').number(value);
    out.character('\n');
  };
  counter("vexfs_searches_total", searches.searches);
  counter("vexfs_searches_cached_total", searches.cached);
  counter("vexfs_search_filters_total", searches.filters);
  counter("vexfs_search_refills_total", searches.refills);
  state_->storage->write_metrics(prometheus);
}

}  // namespace vexfs::engine
