// What a command prints when it is done: whole, or a failure.
#ifndef VEXFS_CLI_OUTPUT_H_
#define VEXFS_CLI_OUTPUT_H_

#include <string_view>

namespace vexfs::cli {

// Writes `text` to stdout. Returns `code`, or kExitError with a sentence where it cannot be
// written. A pager or `head` that has seen enough is no failure, and no signal.
int print(std::string_view text, int code);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_OUTPUT_H_
