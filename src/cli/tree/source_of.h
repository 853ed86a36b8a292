// Finds the source of a path: the directory whose `.vexfs` is a store.
#ifndef VEXFS_CLI_TREE_SOURCE_OF_H_
#define VEXFS_CLI_TREE_SOURCE_OF_H_

#include <optional>
#include <string>

namespace vexfs::cli {

// Whether the directory itself has a store. The `.vexfs` that a mount shows is none.
bool has_store(const std::string& directory);

// The nearest directory that has a store: `path`, which has no symlinks, or one above it.
std::optional<std::string> source_above(std::string path);

// Where the source is mounted, if it is. Only a mount elsewhere needs this: one that covers its
// source is met on the source's own path.
std::optional<std::string> mountpoint_of(const std::string& source);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_SOURCE_OF_H_
