// Opening by path below a directory, without following symlinks and without leaving it.
#ifndef VEXFS_TREE_OPEN_BENEATH_H_
#define VEXFS_TREE_OPEN_BENEATH_H_

#include <cstdint>
#include <string>

#include "base/fd.h"
#include "base/status.h"
#include "tree/tree.h"

namespace vexfs::tree {

// What a path meets where a filesystem is mounted inside the source.
enum class MountPoints : uint8_t { kRefused, kEntered };

// One openat2(2), for paths that the kernel takes (shorter than PATH_MAX). No symlink is followed,
// the last name included, and the path does not leave `directory` (O_PATH will do). O_CLOEXEC is
// added to `flags`. Not valid on failure, with errno: ELOOP at a symlink; EXDEV where the path
// would leave the directory, or at a mount point that is refused. Any thread; allocates nothing.
Fd open_step(int directory, const char* path, int flags, MountPoints mount_points);

// The same for a path of any length, in as many steps as it needs. `path` is relative to
// `directory`, "" is the directory itself. Allocates where the path is long.
Result<Fd> open_beneath(int directory, const std::string& path, int flags,
                        MountPoints mount_points = MountPoints::kRefused);

// Opens the file at a path of the source, if it is the expected inode; ESTALE if it is another one.
Result<Fd> open_expected(Tree& tree, const std::string& path, const ObjectKey& expected, int flags);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_OPEN_BENEATH_H_
