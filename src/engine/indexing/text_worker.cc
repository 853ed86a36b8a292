// Reads until a batch is full or nothing waits, then embeds.
#include "engine/indexing/text_worker.h"

#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/document_reader.h"
#include "engine/indexing/embed_parts.h"

namespace vexfs::engine {

void TextWorker::run() {
  DocumentReader reader(work_.tree, extractor_, work_.index->embedder()->passage_options(),
                        work_.storage.texts());
  IdleThreads::Member idler(work_.idlers);
  const auto take_part = [&](TextPart part) {
    idler.give_way();
    return take(std::move(part));
  };
  while (!work_.stopping()) {
    const std::optional<TextJob> job = work_.queue.take(parts_.empty());
    if (job.has_value()) reader.read(*job, take_part);
    if (job.has_value() && parts_.size() < limits::kTextBatchFiles) continue;
    if (!hand_over()) return;
  }
}

bool TextWorker::take(TextPart part) {
  passages_ += part.passages.size();
  parts_.push_back(std::move(part));
  return passages_ < limits::kTextPartPassages || hand_over();
}

// False when the work was stopped.
bool TextWorker::hand_over() {
  passages_ = 0;
  if (parts_.empty()) return !work_.stopping();
  if (!embed()) return false;
  for (TextPart& part : parts_) {
    // Its passages need the text no more. Text that is to be kept goes with the first part.
    const bool keep = part.keeps_text && part.first_ordinal == 0 && !part.words_only;
    if (!keep) part.source.reset();
  }
  // An extractor that was ended by the stop is no failure of the file.
  if (work_.stopping()) return false;
  const bool going = work_.ready.push(parts_);
  work_.wake_keeper();
  return going;
}

// False when the work was stopped while the embedder could not be reached.
bool TextWorker::embed() {
  Backoff backoff = kTextBackoff;
  const text::Embedder& embedder = *work_.index->embedder();
  for (bool failed = false;; failed = true) {
    const Status status = embed_parts(embedder, parts_);
    const bool leaves = !status.ok() && work_.leaving;
    if (leaves) leave_unembedded(embedder.dim(), parts_);
    if (status.ok() || leaves) {
      if (failed) work_.set_trouble({});  // What was tried before has passed.
      return true;
    }
    work_.set_trouble(status);
    work_.rest(backoff.next());
    if (!failed) log(LogLevel::kWarning, "texts cannot be embedded, trying again", status);
    if (work_.stopping()) return false;
  }
}

}  // namespace vexfs::engine
