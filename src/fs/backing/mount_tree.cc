// Keys to nodes and back, by handle.
#include "fs/backing/mount_tree.h"

#include <fcntl.h>

#include <cstring>

#include "tree/object_key.h"

namespace vexfs::fs {
namespace {

using store::ObjectKey;

// Turns a key that holds a handle into the node table's form; false for a key of another kind.
bool handle_from_key(const ObjectKey& key, FileHandle& handle) {
  if (key.bytes < 1 || key.data[0] >= tree::kAbsentKeyTag ||
      key.bytes > 1 + tree::kHandleBytesMax) {
    return false;
  }
  handle.type = key.data[0];
  handle.mount = 0;
  handle.bytes = static_cast<uint16_t>(key.bytes - 1);
  std::memcpy(handle.data, key.data.data() + 1, handle.bytes);
  return true;
}

}  // namespace

MountTree::MountTree(Backing& backing, std::unique_ptr<tree::SourceTree> source,
                     const ObjectKey& root_key)
    : backing_(backing),
      source_(std::move(source)),
      root_key_(root_key),
      keys_are_handles_(source_->reaches_all() && backing.uses_handles()) {}

Result<std::unique_ptr<MountTree>> MountTree::create(Backing& backing) {
  Fd root(::openat(backing.root().get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.valid()) return errno_status("the source");
  const auto opening = backing.uses_handles() ? tree::SourceTree::Opening::kBest
                                              : tree::SourceTree::Opening::kByPath;
  VEXFS_TRY(source, tree::SourceTree::create(std::move(root), opening));
  VEXFS_TRY(root_key, source->key_of(source->root().get()));
  return std::unique_ptr<MountTree>(new MountTree(backing, std::move(source), root_key));
}

Result<ObjectKey> MountTree::key_of_node(NodeId node) {
  if (node == kRootNode) return root_key_;
  if (!keys_are_handles_) {
    VEXFS_TRY(fd, backing_.any(node));
    return source_->key_of(fd.get());
  }
  FileHandle handle;
  VEXFS_CHECK_OK(backing_.nodes().handle_of(node, handle).status());
  if (handle.mount != 0 || handle.type == FileHandle::kInodeNumberType) {
    return Status(EXDEV, "the file is on another filesystem");
  }
  return tree::key_from_handle(handle.type, {handle.data, handle.bytes});
}

Result<Fd> MountTree::open(const ObjectKey& key, int flags) {
  FileHandle handle;
  if (keys_are_handles_ && handle_from_key(key, handle)) {
    const NodeId node = backing_.nodes().find(handle).node;
    if (node != kNoNode) return backing_.open(node, flags);
  }
  return source_->open(key, flags);
}

}  // namespace vexfs::fs
