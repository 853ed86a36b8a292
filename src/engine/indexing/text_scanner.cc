// The scanner's thread: first the words that the lexical image lacks, then the tree.
#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "engine/indexing/text_indexer_state.h"
#include "engine/indexing/text_scan.h"

namespace vexfs::engine {

void TextIndexer::State::run_scanner(void* state) {
  static_cast<State*>(state)->scan_until_stopped();
}

void TextIndexer::State::scan_until_stopped() {
  const bool all = read_lacking_words();
  {
    const std::lock_guard lock(mutex);
    words_lacking = !all;
    if (options.read_only) scanning = false;
  }
  wake();
  if (fills) return fill_until_done();
  while (!stopping && !options.read_only) {
    {
      std::unique_lock lock(mutex);
      progressed.wait(lock, [this] { return stopping || scan_wanted; });
      if (stopping) return;
      scan_wanted = false;
      scanning = true;
    }
    scan();
    {
      const std::lock_guard lock(mutex);
      scanning = scan_wanted;
    }
    files_left = 0;
    wake();
  }
}

// False when it was stopped.
bool TextIndexer::State::read_lacking_words() {
  const store::SpaceId space = index->space().id;
  files_left = lacking_words.size();
  for (size_t at = 0; at < lacking_words.size() && !stopping;) {
    std::vector<TextJob> jobs;
    storage.locked([&](store::Catalog& catalog, NameTable&) {
      const size_t end = std::min(lacking_words.size(), at + limits::kTextScanStep);
      for (; at < end; ++at) {
        const auto row = catalog.document(lacking_words[at]);
        const auto key = catalog.key_of(lacking_words[at]);
        // What is not fresh is read as a whole.
        if (!row.ok() || !row.value().has_value() || !key.ok() || !key.value().has_value() ||
            row.value()->state != store::DocumentState::kFresh ||
            (fills && row.value()->space != space)) {
          continue;
        }
        jobs.emplace_back();
        jobs.back().key = *key.value();
        ask_for_words(*row.value(), jobs.back());
      }
    });
    for (TextJob& job : jobs) {
      if (push_words(std::move(job), true) == TextQueue::Pushed::kStopped) return false;
    }
    files_left = lacking_words.size() - at;
  }
  if (stopping) return false;
  lacking_words = {};
  return true;
}

TextQueue::Pushed TextIndexer::State::push_words(TextJob job, bool wait) {
  ++words_asked;
  const auto lane = wait ? TextQueue::Lane::kScanned : TextQueue::Lane::kChanged;
  const TextQueue::Pushed pushed = queue.push(std::move(job), lane, wait);
  if (pushed != TextQueue::Pushed::kYes) --words_asked;
  return pushed;
}

void TextIndexer::State::scan() {
  IdleThreads::Member idler(idlers, IdleThreads::Policy::kNormal);
  TextScan counting(tree, storage);
  const Result<uint64_t> files = counting.count(stopping);
  files_left = files.ok() ? files.value() : 0;
  TextScan walk(tree, storage);
  const Status status = walk.run(
      [this](TextJob job) {
        const TextQueue::Pushed pushed =
            job.words_only ? push_words(std::move(job), true)
                           : queue.push(std::move(job), TextQueue::Lane::kScanned, true);
        return pushed != TextQueue::Pushed::kStopped;
      },
      [&](uint64_t looked_at) {
        files_left -= std::min(looked_at, files_left.load());
        idler.give_way();
      });
  if (!status.ok() && status.error() != ECANCELED) {
    log(LogLevel::kWarning, "the scan for changed files", status);
  }
}

}  // namespace vexfs::engine
