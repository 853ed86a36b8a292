// Polls often at first, since small trees are indexed at once, and then a few times a second.
#include "cli/index_wait.h"

#include <algorithm>
#include <thread>

#include "cli/interrupt.h"

namespace vexfs::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPollMin{5};
constexpr std::chrono::milliseconds kPollMax{200};
// Trouble of this length ends the wait. Shorter trouble, such as an embedder that is down for a
// moment, passes by itself: the indexer tries again.
constexpr std::chrono::seconds kTroubleMax{30};

// How far the indexer or the change of embedders has come, whichever is waited for.
struct Way {
  uint64_t done = 0;
  double fraction = -1;
  double per_second = 0;
  double seconds_left = 0;
  std::string trouble;
};

Way way_of(const TextProgress& progress, bool changes_only) {
  if (!changes_only) {
    return {progress.done(), fraction_of(progress), progress.files_per_second,
            progress.seconds_left, progress.trouble};
  }
  const TextProgress::Switch& change = *progress.change;
  const auto of = static_cast<double>(change.of);
  return {change.documents, change.of == 0 ? -1 : static_cast<double>(change.documents) / of,
          change.files_per_second, change.seconds_left, change.trouble};
}

}  // namespace

IndexWait wait_for_index(TreeClient& tree, Progress& shown, std::chrono::milliseconds most,
                         TextProgress& last, std::string& problem, WaitFor what) {
  const Clock::time_point start = Clock::now();
  Clock::time_point went_on = start;
  std::chrono::milliseconds poll = kPollMin;
  uint64_t done = 0;
  for (;;) {
    if (!ask_progress(tree, last, problem)) return IndexWait::kFailed;
    // Where the store's embedder is not used, files that wait for one do so for ever.
    const bool waits = last.pending != 0 && last.warning.empty();
    const bool files_done = !last.indexing && !last.scanning && !waits;
    const bool changes = what == WaitFor::kEmbedder && last.change.has_value();
    if (files_done && !changes) return IndexWait::kDone;
    // When only the change of embedders is left, its progress is what is shown.
    const bool changes_only = changes && !last.indexing && !last.scanning;
    const Way way = way_of(last, changes_only);
    const Clock::time_point now = Clock::now();
    if (way.trouble.empty() || way.done != done) went_on = now;
    done = way.done;
    if (now - went_on >= kTroubleMax) {
      problem = way.trouble;
      return IndexWait::kFailed;
    }
    if (Interrupt::came()) return IndexWait::kInterrupted;
    if (now - start >= most) return IndexWait::kTimedOut;
    const bool rated = way.per_second > 0;
    shown.update(way.done, way.fraction, rated ? way.per_second : -1,
                 rated ? way.seconds_left : -1);
    std::this_thread::sleep_for(poll);
    poll = std::min(poll * 2, kPollMax);
  }
}

}  // namespace vexfs::cli
