// Where the source of a path is: the directory whose `.vexfs` is a store.
#ifndef VEXFS_CLI_TREE_SOURCE_OF_H_
#define VEXFS_CLI_TREE_SOURCE_OF_H_

#include <optional>
#include <string>

namespace vexfs::cli {

// Whether the directory has a `.vexfs` that is its own and not a mount's.
bool has_store(const std::string& directory);

// The nearest directory with a store, `path` (a real one) itself or above it.
std::optional<std::string> source_above(std::string path);

// Where a source is mounted, if it is. A mount beside its source leaves the source in sight.
std::optional<std::string> mountpoint_of(const std::string& source);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_SOURCE_OF_H_
