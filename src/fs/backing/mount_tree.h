// MountTree: the source as the engine sees it, with what the mount knows of its inodes.
#ifndef VEXFS_FS_BACKING_MOUNT_TREE_H_
#define VEXFS_FS_BACKING_MOUNT_TREE_H_

#include <memory>
#include <span>
#include <string_view>

#include "fs/backing/backing.h"
#include "tree/source_tree.h"
#include "tree/tree.h"

namespace vexfs::fs {

// It adds the mount's nodes to the tree of the source. Where the daemon may open by handle, the key
// of a node is its handle, and takes no system call. An inode that lost its last name can be opened
// as long as the kernel knows it.
//
// Files on filesystems that are mounted inside the source have no keys (EXDEV) and carry no
// vectors.
//
// Threads: all methods may run at once.
class MountTree final : public tree::Tree {
 public:
  // `backing` must outlive the tree, and has been started.
  static Result<std::unique_ptr<MountTree>> create(Backing& backing);

  // The key of a node that the kernel knows. EXDEV, ESTALE.
  Result<store::ObjectKey> key_of_node(NodeId node);

  const Fd& root() const override { return source_->root(); }
  bool reaches_all() const override { return source_->reaches_all(); }
  Result<Fd> open(const store::ObjectKey& key, int flags) override;
  Result<store::ObjectKey> key_of(int fd) override { return source_->key_of(fd); }
  Result<std::string_view> path_of(const store::ObjectKey& key, std::span<char> buffer) override {
    return source_->path_of(key, buffer);
  }

 private:
  MountTree(Backing& backing, std::unique_ptr<tree::SourceTree> source,
            const store::ObjectKey& root_key);

  Backing& backing_;
  const std::unique_ptr<tree::SourceTree> source_;
  const store::ObjectKey root_key_;
  const bool keys_are_handles_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_MOUNT_TREE_H_
