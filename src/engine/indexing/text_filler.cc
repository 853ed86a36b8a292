// Passes over the catalog's fresh documents, in the order of their objects.
//
// Documents that change or are added during a pass are met by the next one. A pass that moves no
// more than limits::kTextBatchFiles documents is the last, since files may change for ever.
#include "engine/indexing/text_filler.h"

#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {

using store::Document;
using store::DocumentState;

void TextFiller::run() {
  Backoff backoff = kTextBackoff;
  while (!work_.stopping()) {
    const uint64_t before = moved_;
    {
      const MutexLock lock(work_.mutex);
      failure_ = Status();
    }
    if (!queue_unmoved() || !work_.wait_until_queue_is_empty()) return;
    Status failure;
    {
      const MutexLock lock(work_.mutex);
      failure = failure_;
    }
    work_.set_trouble(failure);
    if (!failure.ok()) {
      work_.rest(backoff.next());
      continue;
    }
    // Files that change from now on are pending, and are read again by the indexer that keeps the
    // space next.
    if (moved_ - before > limits::kTextBatchFiles) continue;
    {
      const MutexLock lock(work_.mutex);
      filled_ = true;
    }
    work_.end_scan();
    return;
  }
}

// False when the work was stopped.
bool TextFiller::queue_unmoved() {
  const store::SpaceId space = work_.index->space().id;
  uint64_t there = 0;
  store::ObjectId after = store::kNoObject;
  for (bool more = true; more;) {
    std::vector<TextJob> jobs;
    size_t looked = 0;
    work_.storage.read([&](const Snapshot& now) {
      std::vector<Document> rows;
      const auto status = now.documents(DocumentState::kFresh, after, [&](const Document& row) {
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
        const auto key = now.key_of(row.object);
        if (!key.ok() || !key.value().has_value()) continue;
        jobs.emplace_back();
        jobs.back().key = *key.value();
        ask_as_indexed(row, jobs.back());
      }
    });
    more = looked == limits::kTextScanStep;
    for (TextJob& job : jobs) {
      const auto pushed = work_.queue.push(std::move(job), TextQueue::Lane::kScanned, true);
      if (pushed == TextQueue::Pushed::kStopped) return false;
    }
  }
  if (moved_ == 0) moved_before_ = there;  // Nothing of this filler's is among them yet.
  return !work_.stopping();
}

// What cannot be read, or has changed since, is left to the indexer that keeps the space next.
void TextFiller::finish(const TextPart& part, const Status& status) {
  if (part.outcome != TextOutcome::kText || status.error() == ESTALE) return;
  if (status.ok()) {
    if (part.last) ++moved_;
    return;
  }
  const MutexLock lock(work_.mutex);
  failure_ = status;
}

bool TextFiller::wait_until_filled(const std::atomic<bool>& until) {
  MutexLock lock(work_.mutex);
  while (!filled_ && !work_.stopping() && !until) work_.progressed.wait(lock);
  return filled_ && !until;
}

void TextFiller::look_again() {
  const MutexLock lock(work_.mutex);
  work_.progressed.notify_all();
}

}  // namespace vexfs::engine
