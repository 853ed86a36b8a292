// Reads the mount's own files, starting from any path inside the mount.
#ifndef VEXFS_CLI_TREE_FIND_MOUNT_H_
#define VEXFS_CLI_TREE_FIND_MOUNT_H_

#include <string>

#include "base/status.h"

namespace vexfs::cli {

// Returns the text of `.vexfs/<name>` of the mount that contains `path`. ENOENT where no mount
// contains it.
Result<std::string> read_surface(const std::string& path, const std::string& name);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_FIND_MOUNT_H_
