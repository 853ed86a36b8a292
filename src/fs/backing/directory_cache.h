// DirectoryCache: descriptors of the directories that requests work in.
#ifndef VEXFS_FS_BACKING_DIRECTORY_CACHE_H_
#define VEXFS_FS_BACKING_DIRECTORY_CACHE_H_

#include <array>
#include <cstdint>
#include <memory>

#include "base/fd.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "fs/backing/node.h"

namespace vexfs::fs {

// It saves open_by_handle_at(2) and close(2) of the parent in most requests that carry a name. A
// directory's descriptor stays right through renames. It is dropped with its node, and all are
// dropped when the mount is idle. When the cache is full, the least recently used one is dropped.
//
// Threads: all methods lock mutex_, a leaf.
class DirectoryCache {
 public:
  // Null when the directory is not cached.
  std::shared_ptr<const Fd> get(NodeId node);
  void put(NodeId node, std::shared_ptr<const Fd> fd);
  void drop(NodeId node);
  void clear();

 private:
  struct Slot {
    NodeId node = kNoNode;
    uint64_t used = 0;
    std::shared_ptr<const Fd> fd;
  };

  Mutex mutex_;
  std::array<Slot, limits::kCachedDirectoriesMax> slots_ GUARDED_BY(mutex_);
  uint64_t clock_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_DIRECTORY_CACHE_H_
