// Waiting until a tree is indexed, with a line of progress.
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
  kEmbedder,  // Also for a change of embedders, where one is under way.
};

inline constexpr std::chrono::milliseconds kNoTimeout = std::chrono::hours(24 * 365);

// How long a search waits for an index that is almost there: the scan of an unmounted tree, or all
// of a small one that is indexed for the first time. Then it answers from what there is.
inline constexpr std::chrono::milliseconds kIndexWaitMax{3000};

// Polls until nothing waits to be indexed. `last` is the progress of the last reply.
IndexWait wait_for_index(TreeClient& tree, Progress& shown, std::chrono::milliseconds most,
                         TextProgress& last, std::string& problem, WaitFor what = WaitFor::kFiles);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_INDEX_WAIT_H_
