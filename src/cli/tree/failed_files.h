// Files that were not indexed, and why.
#ifndef VEXFS_CLI_TREE_FAILED_FILES_H_
#define VEXFS_CLI_TREE_FAILED_FILES_H_

#include <string>

#include "base/function_ref.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

struct FailedFile {
  std::string path;   // Relative to the directory that is asked.
  std::string state;  // "failed", "skipped".
  std::string why;
};

// In the order of their paths, those that this user may see; `visit` answers false to stop. False
// with a sentence on failure.
bool each_failed_file(TreeClient& tree, FunctionRef<bool(const FailedFile&)> visit,
                      std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_FAILED_FILES_H_
