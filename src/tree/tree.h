// Tree: how the engine reaches the files of the source.
//
// This folder holds what all of VexFS uses of the source: permanent keys of inodes, paths that are
// opened without following symlinks, walks, and access checks made for a caller. It knows nothing
// of vectors. It has no thread of its own, and every function may run on any thread.
#ifndef VEXFS_TREE_TREE_H_
#define VEXFS_TREE_TREE_H_

#include <span>
#include <string_view>

#include "base/fd.h"
#include "base/status.h"
#include "store/rows.h"

namespace vexfs::tree {

using store::kNoObject;
using store::ObjectId;
using store::ObjectKey;

// SourceTree implements it for a source that is not mounted, MountTree for a mounted one. Whoever
// made the tree owns it; the engine keeps a reference. Threads: all methods may run at once.
class Tree {
 public:
  virtual ~Tree() = default;

  // The source, open for reading.
  virtual const Fd& root() const = 0;
  // Whether open() reaches every inode that exists. Then ESTALE proves that an inode is gone.
  virtual bool reaches_all() const = 0;
  // A descriptor of the inode, whatever its name is now. `flags` as for open(2); O_PATH will do for
  // most. ESTALE when the inode is gone; ENOENT where no way to it is known.
  virtual Result<Fd> open(const ObjectKey& key, int flags) = 0;
  // The key of the file behind `fd` (O_PATH will do). EXDEV where it is not of the source.
  virtual Result<ObjectKey> key_of(int fd) = 0;
  // A path that leads to the inode now, relative to the source, "" for the source itself. It is
  // written into `buffer`. ENOENT where no path is known; the inode may have one all the same,
  // which a scan will find.
  virtual Result<std::string_view> path_of(const ObjectKey& key, std::span<char> buffer) = 0;
};

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_TREE_H_
