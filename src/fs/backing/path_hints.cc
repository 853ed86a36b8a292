// Parent and name of each inode that has no handle.
#include "fs/backing/path_hints.h"

#include <climits>

namespace vexfs::fs {

void PathHints::set(NodeId node, NodeId parent, std::string_view name) {
  MutexLock lock(mutex_);
  Hint& hint = hints_[static_cast<uint64_t>(node)];
  hint.parent = parent;
  if (hint.name != name) hint.name.assign(name);
}

void PathHints::drop(NodeId node) {
  MutexLock lock(mutex_);
  hints_.erase(static_cast<uint64_t>(node));
}

std::string PathHints::path_of(NodeId node, NodeId& ancestor) {
  MutexLock lock(mutex_);
  std::string path;
  for (ancestor = node;;) {
    const auto found = hints_.find(static_cast<uint64_t>(ancestor));
    if (found == hints_.end()) return path;
    const Hint& hint = found->second;
    // The kernel takes no longer path; a cycle of stale hints ends here too.
    if (path.size() + hint.name.size() + 1 >= PATH_MAX) return {};
    if (!path.empty()) path.insert(0, 1, '/');
    path.insert(0, hint.name);
    ancestor = hint.parent;
  }
}

}  // namespace vexfs::fs
