// PathHints: where an inode was last seen, for inodes that cannot be opened by handle.
#ifndef VEXFS_FS_BACKING_PATH_HINTS_H_
#define VEXFS_FS_BACKING_PATH_HINTS_H_

#include <string>
#include <string_view>
#include <unordered_map>

#include "base/mutex.h"
#include "fs/backing/node.h"

namespace vexfs::fs {

// Hints serve an unprivileged daemon, and backing filesystems without handles. A hint is a guess,
// so whoever opens by it compares the inode that it finds.
//
// Threads: all methods lock mutex_, a leaf.
class PathHints {
 public:
  void set(NodeId node, NodeId parent, std::string_view name);
  void drop(NodeId node);

  // The path of `node` below `ancestor`, the first node on the way up that has no hint (the root,
  // or one that can be opened by handle). Empty when nothing is known, and when the path is longer
  // than limits::kHintPathBytesMax, as that of a cycle is.
  std::string path_of(NodeId node, NodeId& ancestor);

 private:
  struct Hint {
    NodeId parent;
    std::string name;
  };

  Mutex mutex_;
  std::unordered_map<uint64_t, Hint> hints_ GUARDED_BY(mutex_);
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_PATH_HINTS_H_
