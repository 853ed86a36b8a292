// Waiting until a tree is indexed, with progress for whoever watches.
#ifndef VEXFS_CLI_INDEX_WAIT_H_
#define VEXFS_CLI_INDEX_WAIT_H_

#include <chrono>
#include <string>

#include "cli/printing/progress.h"
#include "cli/printing/text_progress.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

enum class IndexWait {
  kDone,
  kTimedOut,
  kInterrupted,  // Interrupt::came(), where there is one.
  kFailed,       // `problem` is a sentence.
};

enum class WaitFor {
  kFiles,
  kEmbedder,  // And for another embedder, where one is on its way.
};

inline constexpr std::chrono::milliseconds kNoTimeout = std::chrono::hours(24 * 365);

// What a search waits for an index that is almost there: the scan of an unmounted tree, or all of a
// small one that nobody asked before. Then it answers from what there is.
inline constexpr std::chrono::milliseconds kIndexWaitMax{3000};

// Polls until nothing waits to be indexed. `last` is what was told last.
IndexWait wait_for_index(TreeClient& tree, Progress& shown, std::chrono::milliseconds most,
                         TextProgress& last, std::string& problem, WaitFor what = WaitFor::kFiles);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_INDEX_WAIT_H_
