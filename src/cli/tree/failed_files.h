// Lists the files whose text is not indexed, with the reasons.
#ifndef VEXFS_CLI_TREE_FAILED_FILES_H_
#define VEXFS_CLI_TREE_FAILED_FILES_H_

#include <string>

#include "base/function_ref.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

struct FailedFile {
  std::string path;   // Relative to the directory for which the tree was opened.
  std::string state;  // "failed" or "skipped".
  std::string why;
};

// Visits the files that this user may see, in the order of their paths, until `visit` returns
// false. Returns false and sets `problem` to a sentence on failure.
bool each_failed_file(TreeClient& tree, FunctionRef<bool(const FailedFile&)> visit,
                      std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_FAILED_FILES_H_
