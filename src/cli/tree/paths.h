// Small functions on paths as text.
#ifndef VEXFS_CLI_TREE_PATHS_H_
#define VEXFS_CLI_TREE_PATHS_H_

#include <string>

namespace vexfs::cli {

// The absolute path without symlinks (realpath(3)). On failure it is empty and errno is set.
std::string real_path(const std::string& path);

// The path itself; for an existing file that is no directory, the directory that contains it.
std::string directory_of(const std::string& path);

// The directory that contains a real path. "/" is its own parent.
std::string parent_of(const std::string& path);

// The path of `path` relative to `directory`, both real paths. Empty where it is not below.
std::string path_below(const std::string& directory, const std::string& path);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_PATHS_H_
