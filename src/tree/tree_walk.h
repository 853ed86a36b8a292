// walk_tree: visits every name of the source, in bounded memory and with few descriptors.
#ifndef VEXFS_TREE_TREE_WALK_H_
#define VEXFS_TREE_TREE_WALK_H_

#include <cstdint>
#include <string>

#include "base/function_ref.h"
#include "base/status.h"

namespace vexfs::tree {

struct WalkedName {
  int directory;            // Descriptor of the directory that holds the name.
  const std::string& path;  // Of that directory, relative to the source; "" is the source.
  const char* name;
  // As the directory gives it: at a mount point it is the inode that the mount covers.
  uint64_t inode;
  bool is_directory;
  // Set it to false and the walk does not enter this directory.
  bool& enter;
};

// Visits the names of all directories, except the store's own folder at the top and filesystems
// that are mounted inside. No symlink is followed. Names that come, go or move meanwhile may or may
// not be visited, as with readdir(3). `visit` returns false to end the walk. The result is true
// when every directory could be read to its end, or `visit` ended the walk. The walk holds at most
// two descriptors, and for each level the subdirectories of one block of entries
// (limits::kDirectoryBufferBytes). It needs a large stack.
Result<bool> walk_tree(int source, FunctionRef<bool(const WalkedName&)> visit);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_TREE_WALK_H_
