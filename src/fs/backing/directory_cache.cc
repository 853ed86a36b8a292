// A few dozen slots, searched in order: cheaper than a map at this size.
#include "fs/backing/directory_cache.h"

#include <algorithm>

namespace vexfs::fs {

std::shared_ptr<const Fd> DirectoryCache::get(NodeId node) {
  std::lock_guard lock(mutex_);
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
  std::lock_guard lock(mutex_);
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
  std::lock_guard lock(mutex_);
  for (Slot& slot : slots_) {
    if (slot.node != node) continue;
    dropped = std::move(slot.fd);
    slot = {};
    return;
  }
}

void DirectoryCache::clear() {
  std::lock_guard lock(mutex_);
  for (Slot& slot : slots_) slot = {};
}

}  // namespace vexfs::fs
