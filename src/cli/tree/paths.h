// Paths as text.
#ifndef VEXFS_CLI_TREE_PATHS_H_
#define VEXFS_CLI_TREE_PATHS_H_

#include <string>

namespace vexfs::cli {

// Absolute and without symlinks; empty, and errno, where there is no such file.
std::string real_path(const std::string& path);

// The path itself, or for what is there and is no directory, the one that it lies in.
std::string directory_of(const std::string& path);

// Of a real path; "/" is its own parent.
std::string parent_of(const std::string& path);

// What leads from a directory to something below it, both real paths; empty when it is not below.
std::string path_below(const std::string& directory, const std::string& path);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_PATHS_H_
