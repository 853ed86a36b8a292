// Opening by path below the source: no symlink is followed, no mount entered, and the path may be
// of any length.
#ifndef VEXFS_TREE_OPEN_BENEATH_H_
#define VEXFS_TREE_OPEN_BENEATH_H_

#include <string>

#include "base/fd.h"
#include "base/status.h"
#include "tree/tree.h"

namespace vexfs::tree {

// `path` is relative to `directory` (O_PATH will do), "" is the directory itself; `flags` as for
// open(2). ELOOP at a symlink, EXDEV at a mount or where the path would leave the directory.
Result<Fd> open_beneath(int directory, const std::string& path, int flags);

// The file at a path of the source, if it is the inode that is meant. ESTALE: it is another one.
Result<Fd> open_expected(Tree& tree, const std::string& path, const ObjectKey& expected, int flags);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_OPEN_BENEATH_H_
