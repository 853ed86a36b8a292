// Backing: the tree that the mount stands on, reached by node.
//
// This folder knows which inodes the kernel holds, how each of them is opened, and which files are
// open. Its invariants: a name is resolved by one *at call that follows no symlink; a lookup count
// is raised by the replies that carry an entry and lowered by FORGET; a descriptor has one owner.
// Lock order: the mutex of OpenFiles before that of NodeTable; all others are leaves.
#ifndef VEXFS_FS_BACKING_BACKING_H_
#define VEXFS_FS_BACKING_BACKING_H_

#include <sys/stat.h>

#include <deque>
#include <memory>
#include <unordered_map>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/status.h"
#include "fs/backing/directory_cache.h"
#include "fs/backing/mount_table.h"
#include "fs/backing/node_table.h"
#include "fs/backing/open_files.h"
#include "fs/backing/path_hints.h"

namespace vexfs::fs {

// A descriptor with one owner, or one that is shared with a cache; the last owner closes it.
class NodeFd {
 public:
  explicit NodeFd(Fd own) : own_(std::move(own)) {}
  explicit NodeFd(std::shared_ptr<const Fd> shared) : shared_(std::move(shared)) {}
  int get() const { return shared_ ? shared_->get() : own_.get(); }

 private:
  Fd own_;
  std::shared_ptr<const Fd> shared_;
};

// An inode as a lookup found it. stat.st_ino is already the number that the mount shows.
struct Entry {
  NodeInfo info;
  struct stat stat;
};

// The one gate to the backing directory: every file operation reaches its file through a descriptor
// from here, and every name is resolved by one *at call without following symlinks, so a rename or
// a symlink behind the mount can lead nowhere else.
//
// Threads: all methods may run at once. Locks are those of the members, none held over a system
// call except MountTable's.
class Backing {
 public:
  // `root` is a real directory descriptor on the source. `by_handle`: the daemon may try
  // open_by_handle_at (CAP_DAC_READ_SEARCH).
  Backing(Fd root, bool by_handle, Passthrough& passthrough);
  // Call it before any other method. ENOTDIR, EACCES, as the source answers.
  Status start();

  const Fd& root() const { return *root_; }
  bool uses_handles() const { return uses_handles_; }
  NodeTable& nodes() { return nodes_; }
  MountTable& mounts() { return mounts_; }
  OpenFiles& open_files() { return open_files_; }

  // Finds `name` in `parent` and counts a lookup of it.
  Result<Entry> lookup(NodeId parent, const char* name);
  // The same for a file that is already open (just created in `parent`; without a name, "").
  Result<Entry> adopt(int fd, NodeId parent, const char* name);
  void forget(NodeId node, uint64_t lookups);

  // A descriptor of the directory, for *at calls with a name. ENOTDIR, ESTALE.
  Result<NodeFd> directory(NodeId node);
  // Any descriptor of the inode (it may be an O_PATH one), for *at calls with AT_EMPTY_PATH.
  Result<NodeFd> any(NodeId node);
  // A new open file description.
  Result<Fd> open(NodeId node, int flags);
  // A descriptor for calls that refuse O_PATH: f*xattr, fchmod. `real` is false where the file can
  // only be reached through ProcPath: symlinks, devices, sockets, and files without handle.
  Result<NodeFd> real(NodeId node, bool& real);
  Result<Entry> stat(NodeId node);
  // The same, for an inode of which the caller has a descriptor.
  Result<Entry> stat(NodeId node, int fd);

  // Called before a name is removed. If it is the inode's last one, a descriptor holds the inode
  // until FORGET, so that open files and working directories that the kernel still has keep
  // working.
  void keep_if_last_name(int directory, const char* name, bool is_directory);
  // Called after a rename: updates the inode's hint, where hints are used.
  void moved(NodeId new_parent, const char* new_name);

  // Lets go of directories, and of filesystems inside the source, so that they can be unmounted.
  void close_idle() {
    directories_.clear();
    mounts_.close_idle();
  }
  void show_inode_number(struct stat& stat) const;

 private:
  Result<bool> look_at_name(int directory, const char* name, FileHandle& handle, struct stat& stat);
  Status look_at(int fd, FileHandle& handle, struct stat& stat);
  Status enter(const FileHandle& handle, NodeId parent, const char* name, Entry& entry);
  Status identity_of(int fd, FileHandle& handle);
  Result<Fd> open_by_hint(NodeId node, const FileHandle& handle, int flags);
  Result<NodeFd> top_of_hint(NodeId node);
  std::shared_ptr<const Fd> held(const NodeInfo& info);
  void unpin(NodeId node);

  std::shared_ptr<const Fd> root_;
  const bool try_handles_;
  bool uses_handles_ = false;
  bool handles_hold_inodes_ = false;  // holds_inode_number() of the source's.
  dev_t root_device_ = 0;
  NodeTable nodes_;
  MountTable mounts_;
  DirectoryCache directories_;
  PathHints hints_;
  OpenFiles open_files_;

  // Unlinked inodes that are still referenced. pin_order_ has the oldest first, and may name nodes
  // that are gone already.
  Mutex pins_mutex_;
  std::unordered_map<uint64_t, std::shared_ptr<const Fd>> pins_ GUARDED_BY(pins_mutex_);
  std::deque<uint64_t> pin_order_ GUARDED_BY(pins_mutex_);
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_BACKING_H_
