// The regular files below a directory, in the order of their paths' bytes.
#ifndef VEXFS_CLI_TREE_FILES_BELOW_H_
#define VEXFS_CLI_TREE_FILES_BELOW_H_

#include <string>
#include <vector>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::cli {

// Returns relative paths, as `find -type f | LC_ALL=C sort` prints them, without the files in
// `.vexfs`. EFBIG where there are more than `files_max`.
Result<std::vector<std::string>> files_below(const Fd& directory, size_t files_max);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_FILES_BELOW_H_
