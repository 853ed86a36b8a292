// Tree: how the engine reaches the files of the source.
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

// The filesystem implements it (by handles where it may). Threads: all methods may run at once.
class Tree {
 public:
  virtual ~Tree() = default;

  // The source, open for reading.
  virtual const Fd& root() const = 0;
  // Whether open() reaches every inode that exists: then ESTALE proves that one is gone.
  virtual bool reaches_all() const = 0;
  // A descriptor of the inode, whatever its name is now. `flags` as for open(2); O_PATH will do for
  // most. ESTALE when the inode is gone; ENOENT where the way to it is not known.
  virtual Result<Fd> open(const ObjectKey& key, int flags) = 0;
  // The key of the file behind `fd` (O_PATH will do). EXDEV where it is not of the source.
  virtual Result<ObjectKey> key_of(int fd) = 0;
  // A path that leads to the inode now, relative to the source, "" for the source itself; in
  // `buffer`. ENOENT where none is known (it may have one all the same): a scan will find it.
  virtual Result<std::string_view> path_of(const ObjectKey& key, std::span<char> buffer) = 0;
};

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_TREE_H_
