// Engine's methods about texts: start and progress of their index, what became of a file, and the
// choice of an embedder.
#include <algorithm>
#include <string_view>

#include "base/log.h"
#include "engine/engine_state.h"

namespace vexfs::engine {
namespace {

// Writes "failed: why" and the like, cut where there is no room.
Result<size_t> say(std::string_view word, std::string_view why, std::span<char> out) {
  size_t bytes = 0;
  const auto append = [&](std::string_view text) {
    const size_t count = std::min(text.size(), out.size() - bytes);
    std::copy_n(text.data(), count, out.data() + bytes);
    bytes += count;
  };
  append(word);
  if (!why.empty()) {
    append(": ");
    append(why);
  }
  return bytes;
}

}  // namespace

Result<TextService*> Engine::State::text_up(bool create) {
  VEXFS_CHECK_OK(storage_up(create).status());
  VEXFS_CHECK_OK(text->start(create));
  return text.get();
}

TextService* Engine::State::text_doors() const {
  return phase == Phase::kUp && text->is_up() ? text.get() : nullptr;
}

Result<SearchableText> Engine::State::searchable_text(bool create) {
  VEXFS_TRY(service, text_up(create));
  return service->searchable();
}

void Engine::State::start_text_if_there() {
  const Result<TextService*> up = text_up(false);
  if (!up.ok() && up.error() != ENODATA) {
    log(LogLevel::kError, "text cannot be indexed", up.status());
    const MutexLock lock(mutex);
    text_failure = up.status();
  }
}

Status Engine::start_text() { return state_->text_up(true).status(); }

void Engine::content_changed(const ObjectKey& key) {
  if (TextService* const text = state_->text_doors()) text->content_changed(key);
}

Result<size_t> Engine::text_state(const ObjectKey& key, std::span<char> out) {
  const TextService* const text = state_->text_doors();
  if (text == nullptr) return Status(ENODATA, "no text is indexed here");
  if (text->waits(key)) return say("pending", {}, out);
  VEXFS_TRY(document, state_->storage->document_of(key));
  if (!document.has_value()) return Status(ENODATA, "the file is not indexed");
  switch (document->state) {
    case store::DocumentState::kPending:
      return say("pending", {}, out);
    case store::DocumentState::kFresh:
      return say("fresh", {}, out);
    case store::DocumentState::kFailed:
      return say("failed", document->why, out);
    case store::DocumentState::kSkipped:
      return say("skipped", document->why, out);
  }
  return Status(EUCLEAN, "a document's state");
}

Status Engine::index_text() {
  const bool was_up = state_->text_doors() != nullptr;
  VEXFS_CHECK_OK(start_text());  // A start scans all files by itself.
  if (was_up) state_->text->rescan();
  return {};
}

Status Engine::sync_text() {
  TextService* const text = state_->text_doors();
  return text == nullptr ? flush() : text->sync();
}

TextProgress Engine::text_progress() const {
  TextProgress progress;
  const TextService* const text = state_->text_doors();
  if (text == nullptr) return progress;
  const Result<store::DocumentCounts> counted = state_->storage->count_documents();
  const store::DocumentCounts counts = counted.ok() ? counted.value() : store::DocumentCounts();
  text->report(progress);
  progress.on = true;
  progress.documents = counts.fresh;
  progress.failed = counts.failed;
  progress.skipped = counts.skipped;
  progress.pending = std::max(counts.pending, progress.pending);
  if (!counted.ok()) progress.trouble = counted.status().what();
  if (progress.change.has_value()) {
    TextProgress::Switch& change = *progress.change;
    change.of = counts.fresh;
    change.documents = std::min(change.documents, change.of);
    const auto left = static_cast<double>(change.of - change.documents);
    if (change.files_per_second > 0) change.seconds_left = left / change.files_per_second;
  }
  for (const store::Space& space : state_->storage->spaces()) {
    if (space.name == kTextSpace) progress.passages = space.vectors;
  }
  return progress;
}

Result<void, Refusal> Engine::choose_embedder(EmbedderChoice choice) {
  if (state_->options.read_only) return Status(EROFS, "the source is open for reading only");
  VEXFS_TRY(answered, try_embedder(choice));
  const auto taken = [&]() -> Status {
    VEXFS_CHECK_OK(state_->storage_up(true).status());
    return state_->text->choose(choice, std::move(answered));
  };
  const Status status = taken();
  if (status.ok()) return {};
  return Refusal(status.error(), std::string("the embedder cannot be changed: ") + status.what());
}

}  // namespace vexfs::engine
