// Engine's part of the mount's status and metrics.
#include "base/text_writer.h"
#include "engine/engine_state.h"
#include "engine/query/reply_json.h"

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

// The index of texts, its embedder and its documents.
void append_text(const TextProgress& progress, const std::string& embedder, std::string& json) {
  TextWriter(json).text(",\"text\":{\"embedder\":").json(embedder).character(',');
  append_progress(progress, true, json);
  json += '}';
}

}  // namespace

void Engine::write_status(std::string& json) const {
  State& state = *state_;
  State::Phase phase;
  Status failure;
  Status text_failure;
  {
    const std::lock_guard lock(state.mutex);
    phase = state.phase;
    failure = state.failure;
    text_failure = state.text_failure;
  }
  const TextService* const text = state.text_doors();
  const bool has_text = text != nullptr;
  std::string_view word = "off";
  if (phase == State::Phase::kStarting) word = "starting";
  if (phase == State::Phase::kUp) word = "up";
  if (phase == State::Phase::kFailed) word = "failed";
  json += "\"components\":[";
  write_component(json, "VectorStorageManager", word, state.start_us, failure);
  write_component(json, "VectorSearchEngine", word, 0, {});
  const std::string_view text_word = has_text ? "up" : text_failure.ok() ? "off" : "failed";
  write_component(json, "TextIndex", text_word, has_text ? text->start_us() : 0,
                  has_text ? Status() : text_failure);
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
  out.text(",\"refills\":").number(searches.refills).text("}");
  if (has_text) append_text(text_progress(), text->embedder_name(), json);
  json += ',';
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
  if (state_->text_doors() != nullptr) {
    const TextProgress text = text_progress();
    out.text("# TYPE vexfs_text_documents gauge\n");
    const auto documents = [&out](std::string_view state, uint64_t value) {
      out.text("vexfs_text_documents{state=\"").text(state).text("\"} ").number(value);
      out.character('\n');
    };
    documents("fresh", text.documents);
    documents("pending", text.pending);
    documents("failed", text.failed);
    documents("skipped", text.skipped);
    out.text("# TYPE vexfs_text_passages gauge\nvexfs_text_passages ").number(text.passages);
    out.character('\n');
  }
  state_->storage->write_metrics(prometheus);
}

}  // namespace vexfs::engine
