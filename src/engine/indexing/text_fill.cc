// Filling a space beside another: what is indexed there is read again as it is, in passes, until a
// pass finds hardly anything.
#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_indexer_state.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {

using store::Document;
using store::DocumentState;

namespace {

constexpr auto kFillRetryMin = std::chrono::milliseconds(500);
constexpr auto kFillRetryMax = std::chrono::milliseconds(60'000);

}  // namespace

void TextIndexer::State::fill_until_done() {
  auto retry = kFillRetryMin;
  while (!stopping) {
    const uint64_t before = moved;
    {
      const std::lock_guard lock(mutex);
      fill_failure = Status();
    }
    if (!push_unmoved()) return;
    std::unique_lock lock(mutex);
    progressed.wait(lock, [this] { return stopping || queue.size() == 0; });
    if (stopping) return;
    if (!fill_failure.ok()) {
      trouble = fill_failure;
      progressed.wait_for(lock, retry, [this] { return stopping.load(); });
      retry = std::min(retry * 2, kFillRetryMax);
      continue;
    }
    trouble = Status();
    // Files may change for ever; what changes just now is pending, and is read again by whoever
    // keeps the space next.
    if (moved - before > limits::kTextBatchFiles) continue;
    filled = true;
    scanning = false;
    progressed.notify_all();
    return;
  }
}

// False when it was stopped.
bool TextIndexer::State::push_unmoved() {
  const store::SpaceId space = index->space().id;
  uint64_t there = 0;
  store::ObjectId after = store::kNoObject;
  for (bool more = true; more;) {
    std::vector<TextJob> jobs;
    size_t looked = 0;
    storage.locked([&](store::Catalog& catalog, NameTable&) {
      std::vector<Document> rows;
      const auto status = catalog.documents(DocumentState::kFresh, after, [&](const Document& row) {
        after = row.object;
        if (row.space == space) {
          ++there;
        } else {
          rows.push_back(row);
        }
        return ++looked < limits::kTextScanStep;
      });
      if (!status.ok()) log(LogLevel::kError, "documents to be embedded anew", status);
      for (const Document& row : rows) {
        const auto key = catalog.key_of(row.object);
        if (!key.ok() || !key.value().has_value()) continue;
        jobs.emplace_back();
        jobs.back().key = *key.value();
        ask_as_indexed(row, jobs.back());
      }
    });
    more = looked == limits::kTextScanStep;
    for (TextJob& job : jobs) {
      const auto pushed = queue.push(std::move(job), TextQueue::Lane::kScanned, true);
      if (pushed == TextQueue::Pushed::kStopped) return false;
    }
  }
  if (moved == 0) moved_before = there;
  return !stopping;
}

// What cannot be read, or is another by now, is left to the one who keeps the space.
void TextIndexer::State::finish_moved(const TextPart& part, const Status& status) {
  if (part.outcome != TextOutcome::kText || status.error() == ESTALE) return;
  if (status.ok()) {
    if (part.last) ++moved;
    return;
  }
  const std::lock_guard lock(mutex);
  fill_failure = status;
}

bool TextIndexer::wait_until_filled(const std::atomic<bool>& until) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  state.progressed.wait(lock, [&] { return state.filled || state.stopping || until; });
  return state.filled && !until;
}

void TextIndexer::stop_waiting() {
  const std::lock_guard lock(state_->mutex);
  state_->progressed.notify_all();
}

}  // namespace vexfs::engine
