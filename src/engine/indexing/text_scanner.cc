// Lacking words in steps under the storage's mutex; scans with TextScan.
#include "engine/indexing/text_scanner.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {

void TextScanner::queue_lacking_words() {
  const store::SpaceId space = work_.index->space().id;
  work_.set_files_left(lacking_.size());
  for (size_t at = 0; at < lacking_.size() && !work_.stopping();) {
    std::vector<TextJob> jobs;
    work_.storage.read([&](const Snapshot& now) {
      const size_t end = std::min(lacking_.size(), at + limits::kTextScanStep);
      for (; at < end; ++at) {
        const auto row = now.document(lacking_[at]);
        const auto key = now.key_of(lacking_[at]);
        // A document that is not fresh is read as a whole.
        if (!row.ok() || !row.value().has_value() || !key.ok() || !key.value().has_value() ||
            row.value()->state != store::DocumentState::kFresh ||
            (work_.fills && row.value()->space != space)) {
          continue;
        }
        jobs.emplace_back();
        jobs.back().key = *key.value();
        ask_for_words(*row.value(), jobs.back());
      }
    });
    for (TextJob& job : jobs) {
      if (work_.push_words(std::move(job), true) == TextQueue::Pushed::kStopped) return;
    }
    work_.set_files_left(lacking_.size() - at);
  }
  if (work_.stopping()) return;
  lacking_ = {};
  work_.set_words_requested();
}

void TextScanner::run() {
  while (work_.begin_scan()) {
    scan();
    work_.end_scan();
  }
}

void TextScanner::scan() {
  IdleThreads::Member idler(work_.idlers, IdleThreads::Policy::kNormal);
  TextScan counting(work_.tree, work_.storage);
  const Result<uint64_t> files = counting.count(work_.stopping());
  work_.set_files_left(files.ok() ? files.value() : 0);
  TextScan walk(work_.tree, work_.storage);
  const Status status = walk.run(
      [this](TextJob job) {
        const TextQueue::Pushed pushed =
            job.words_only ? work_.push_words(std::move(job), true)
                           : work_.queue.push(std::move(job), TextQueue::Lane::kScanned, true);
        return pushed != TextQueue::Pushed::kStopped;
      },
      [&](uint64_t looked_at) {
        work_.subtract_files_left(looked_at);
        idler.give_way();
      });
  if (!status.ok() && status.error() != ECANCELED) {
    log(LogLevel::kWarning, "the scan for changed files failed", status);
  }
}

}  // namespace vexfs::engine
