// From any path inside a mount to the mount's own files.
#ifndef VEXFS_CLI_TREE_FIND_MOUNT_H_
#define VEXFS_CLI_TREE_FIND_MOUNT_H_

#include <string>

#include "base/status.h"

namespace vexfs::cli {

// The text of `.vexfs/<name>` of the mount that `path` lies in. ENOENT when it lies in none.
Result<std::string> read_surface(const std::string& path, const std::string& name);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_FIND_MOUNT_H_
