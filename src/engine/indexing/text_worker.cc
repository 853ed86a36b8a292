// Workers: files to passages, words and vectors, at idle priority.
#include <algorithm>

#include "base/log.h"
#include "engine/indexing/document_reader.h"
#include "engine/indexing/embed_parts.h"
#include "engine/indexing/text_indexer_state.h"

namespace vexfs::engine {
namespace {

constexpr auto kRetryMin = std::chrono::milliseconds(500);
constexpr auto kRetryMax = std::chrono::milliseconds(60'000);

}  // namespace

void TextIndexer::State::run_worker(void* state) {
  static_cast<State*>(state)->work_until_stopped();
}

void TextIndexer::State::work_until_stopped() {
  DocumentReader reader(tree, extractor, index->embedder()->passage_options(), storage.texts());
  std::vector<TextPart> parts;
  size_t passages = 0;
  IdleThreads::Member idler(idlers);
  const auto take = [&](TextPart part) {
    idler.give_way();
    passages += part.passages.size();
    parts.push_back(std::move(part));
    if (passages < limits::kTextPartPassages) return true;
    passages = 0;
    return hand_over(parts);
  };
  while (!stopping) {
    const std::optional<TextJob> job = queue.take(parts.empty());
    if (job.has_value()) reader.read(*job, take);
    if (job.has_value() && parts.size() < limits::kTextBatchFiles) continue;
    passages = 0;
    if (!hand_over(parts)) return;
  }
}

// An embedder that cannot be reached is asked again, for as long as it takes: the files wait.
bool TextIndexer::State::hand_over(std::vector<TextPart>& parts) {
  if (parts.empty()) return !stopping;
  auto retry = kRetryMin;
  for (bool failed = false;; failed = true) {
    const Status status = embed_parts(*index->embedder(), parts);
    if (!status.ok() && leaving) {
      leave_unembedded(index->embedder()->dim(), parts);
      break;
    }
    if (status.ok() && !failed) break;
    {
      std::unique_lock lock(mutex);
      trouble = status;
      progressed.notify_all();
      if (status.ok()) break;
      progressed.wait_for(lock, retry, [this] { return stopping.load(); });
    }
    if (!failed) log(LogLevel::kWarning, "texts cannot be embedded, trying again", status);
    if (stopping) return false;
    retry = std::min(retry * 2, kRetryMax);
  }
  for (TextPart& part : parts) {
    // Passages refer to it no more; what is kept goes with the first part.
    const bool keep = part.keeps_text && part.first_ordinal == 0 && !part.words_only;
    if (!keep) part.source.reset();
  }
  if (stopping) return false;  // What an extractor did not end is no failure of the file.
  const bool going = ready.push(parts);
  wake();
  return going;
}

}  // namespace vexfs::engine
