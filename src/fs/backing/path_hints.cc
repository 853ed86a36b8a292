// Parent and name of each inode that has no handle.
#include "fs/backing/path_hints.h"

#include "base/limits.h"

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
  // So many bytes are moved at each name; the rest is moved once for each piece.
  constexpr size_t kPieceBytes = 4096;
  MutexLock lock(mutex_);
  std::string path;
  std::string piece;
  const auto join = [&] {
    if (!path.empty() && !piece.empty()) piece += '/';
    path.insert(0, piece);
    piece.clear();
  };
  for (ancestor = node;;) {
    const auto found = hints_.find(static_cast<uint64_t>(ancestor));
    if (found == hints_.end()) break;
    const Hint& hint = found->second;
    // A cycle of stale hints ends here.
    if (path.size() + piece.size() > limits::kHintPathBytesMax) return {};
    if (!piece.empty()) piece.insert(0, 1, '/');
    piece.insert(0, hint.name);
    if (piece.size() >= kPieceBytes) join();
    ancestor = hint.parent;
  }
  join();
  return path;
}

}  // namespace vexfs::fs
