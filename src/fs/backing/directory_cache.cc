// A few dozen slots, searched in order: cheaper than a map at this size.
#include "fs/backing/directory_cache.h"

#include <algorithm>

namespace vexfs::fs {

std::shared_ptr<const Fd> DirectoryCache::get(NodeId node) {
  MutexLock lock(mutex_);
  for (Slot& slot : slots_) {
    if (slot.node == node) {
      slot.used = ++clock_;
      return slot.fd;
    }
  }
  return nullptr;
}

void DirectoryCache::put(NodeId node, std::shared_ptr<const Fd> fd) {
  std::shared_ptr<const Fd> evicted;  // Closed after the lock.
  MutexLock lock(mutex_);
  Slot* oldest = &slots_[0];
  for (Slot& slot : slots_) {
    if (slot.node == node) return;
    if (slot.used < oldest->used) oldest = &slot;
  }
  evicted = std::move(oldest->fd);
  *oldest = {node, ++clock_, std::move(fd)};
}

void DirectoryCache::drop(NodeId node) {
  std::shared_ptr<const Fd> dropped;
  MutexLock lock(mutex_);
  for (Slot& slot : slots_) {
    if (slot.node != node) continue;
    dropped = std::move(slot.fd);
    slot = {};
    return;
  }
}

void DirectoryCache::clear() {
  MutexLock lock(mutex_);
  for (Slot& slot : slots_) slot = {};
}

}  // namespace vexfs::fs
