// walk_tree: every name of the source, in bounded memory and with few descriptors.
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
  uint64_t inode;  // As the directory says: for a mount point, of what the mount covers.
  bool is_directory;
  bool& enter;  // Set to false, the directory is passed over.
};

// Visits the names of all directories, but for the store's own folder at the top and what is
// mounted inside; no symlink is followed. Names that come, go or move meanwhile are visited or not,
// as readdir(3) has it. `visit` answers false to end the walk. True when every directory could be
// read to its end, or the walk was ended. At most two descriptors at a time, and one block of
// entries (limits::kDirectoryBufferBytes) for each level. Large stack.
Result<bool> walk_tree(int source, FunctionRef<bool(const WalkedName&)> visit);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_TREE_WALK_H_
