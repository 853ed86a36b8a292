// Nodes to descriptors and back.
#include "fs/backing/backing.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "base/limits.h"
#include "base/proc_path.h"
#include "tree/open_beneath.h"

namespace vexfs::fs {
namespace {

constexpr int kPathFlags = O_PATH | O_NOFOLLOW | O_CLOEXEC;

// ESTALE also where the filesystem is not mounted any more.
int open_in(const std::shared_ptr<const Fd>& filesystem, const FileHandle& handle, int flags) {
  if (filesystem != nullptr) return open_handle(filesystem->get(), handle, flags);
  errno = ESTALE;
  return -1;
}

bool same_identity(int fd, const FileHandle& expected) {
  FileHandle seen;
  if (!inode_number_handle_of(fd, seen).ok()) return false;
  seen.mount = expected.mount;
  return seen == expected;
}

}  // namespace

Backing::Backing(Fd root, bool by_handle, Passthrough& passthrough)
    : root_(std::make_shared<const Fd>(std::move(root))),
      try_handles_(by_handle),
      open_files_(nodes_, passthrough) {}

Status Backing::start() {
  struct stat root_stat;
  if (::fstat(root_->get(), &root_stat) != 0) return errno_status("the source");
  if (!S_ISDIR(root_stat.st_mode)) return Status(ENOTDIR, "the source");
  root_device_ = root_stat.st_dev;
  FileHandle handle;
  int mount_id = 0;
  if (!try_handles_ || !fs::handle_of(root_->get(), handle, mount_id).ok()) return {};
  VEXFS_TRY(index, mounts_.index_of(mount_id, root_->get()));
  uses_handles_ = Fd(open_in(mounts_.descriptor(index), handle, O_PATH)).valid();
  handles_hold_inodes_ = uses_handles_ && holds_inode_number(handle, root_stat.st_ino);
  return {};
}

// Inode numbers of another filesystem inside the source must differ from those of the first, since
// tools take (device, inode) for identity and the mount has one device.
void Backing::show_inode_number(struct stat& stat) const {
  if (stat.st_dev == root_device_) return;
  const uint64_t device = stat.st_dev * 0x9e3779b97f4a7c15ULL;
  stat.st_ino ^= (device >> 48) << 48;
}

Status Backing::identity_of(int fd, FileHandle& handle) {
  if (uses_handles_) {
    int mount_id = 0;
    const Status by_handle = fs::handle_of(fd, handle, mount_id);
    if (by_handle.ok()) {
      VEXFS_TRY(index, mounts_.index_of(mount_id, fd));
      handle.mount = index;
      return {};
    }
    if (by_handle.error() != EOPNOTSUPP) return by_handle;
    VEXFS_CHECK_OK(mounts_.refuse_own_mount(fd));
  }
  handle.mount = 0;
  return inode_number_handle_of(fd, handle);
}

Status Backing::look_at(int fd, FileHandle& handle, struct stat& stat) {
  // The handle comes first: on the VexFS mount itself (inside its own source) it needs no request.
  VEXFS_CHECK_OK(identity_of(fd, handle));
  return ::fstat(fd, &stat) == 0 ? Status() : errno_status("fstat");
}

// Reads handle and attributes of a name without opening it, in two system calls instead of four.
// False where that is not possible, or where another inode may have taken the name in between.
Result<bool> Backing::look_at_name(int directory, const char* name, FileHandle& handle,
                                   struct stat& stat) {
  if (!handles_hold_inodes_) return false;
  int mount_id = 0;
  const Status named = fs::handle_of(directory, name, handle, mount_id);
  if (named.error() == ENOENT) return named;
  const std::optional<uint8_t> mount = named.ok() ? mounts_.known(mount_id) : std::nullopt;
  if (!mount.has_value()) return false;
  handle.mount = *mount;
  return ::fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
         holds_inode_number(handle, stat.st_ino);
}

Status Backing::enter(const FileHandle& handle, NodeId parent, const char* name, Entry& entry) {
  VEXFS_TRY(info, nodes_.remember(handle, entry.stat.st_mode));
  entry.info = info;
  if (handle.type == FileHandle::kInodeNumberType && name[0] != '\0') {
    hints_.set(info.node, parent, name);
  }
  show_inode_number(entry.stat);
  return {};
}

Result<Entry> Backing::lookup(NodeId parent, const char* name) {
  VEXFS_TRY(directory, this->directory(parent));
  Entry entry;
  FileHandle handle;
  VEXFS_TRY(known, look_at_name(directory.get(), name, handle, entry.stat));
  if (!known) {
    const Fd fd(::openat(directory.get(), name, kPathFlags));
    if (!fd.valid()) return errno_status("openat");
    VEXFS_CHECK_OK(look_at(fd.get(), handle, entry.stat));
  }
  VEXFS_CHECK_OK(enter(handle, parent, name, entry));
  return entry;
}

Result<Entry> Backing::adopt(int fd, NodeId parent, const char* name) {
  Entry entry;
  FileHandle handle;
  VEXFS_CHECK_OK(look_at(fd, handle, entry.stat));
  VEXFS_CHECK_OK(enter(handle, parent, name, entry));
  return entry;
}

void Backing::forget(NodeId node, uint64_t lookups) {
  if (node == kRootNode || !nodes_.forget(node, lookups)) return;
  directories_.drop(node);
  if (!uses_handles_) hints_.drop(node);
  unpin(node);
  nodes_.retire(node);
}

void Backing::unpin(NodeId node) {
  std::shared_ptr<const Fd> unpinned;  // Closed after the lock.
  MutexLock lock(pins_mutex_);
  const auto found = pins_.find(static_cast<uint64_t>(node));
  if (found == pins_.end()) return;
  unpinned = std::move(found->second);
  pins_.erase(found);
}

std::shared_ptr<const Fd> Backing::held(const NodeInfo& info) {
  if (info.open) {
    if (auto fd = open_files_.descriptor_of(info.node)) return fd;
  }
  if (!info.pinned) return nullptr;
  MutexLock lock(pins_mutex_);
  const auto found = pins_.find(static_cast<uint64_t>(info.node));
  return found == pins_.end() ? nullptr : found->second;
}

// The directory that a chain of hints starts from. It is never itself opened by hint, so that the
// stack has a bound.
Result<NodeFd> Backing::top_of_hint(NodeId node) {
  if (node == kRootNode) return NodeFd(root_);
  if (auto cached = directories_.get(node)) return NodeFd(std::move(cached));
  FileHandle handle;
  VEXFS_TRY(info, nodes_.handle_of(node, handle));
  if (auto by = held(info)) return NodeFd(std::move(by));
  if (handle.type == FileHandle::kInodeNumberType) {
    return Status(ESTALE, "no path is known for the inode");
  }
  Fd fd(open_in(mounts_.descriptor(handle.mount), handle, O_PATH | O_DIRECTORY));
  if (!fd.valid()) return errno_status("open_by_handle_at");
  return NodeFd(std::move(fd));
}

Result<Fd> Backing::open_by_hint(NodeId node, const FileHandle& handle, int flags) {
  NodeId ancestor = node;
  const std::string path = hints_.path_of(node, ancestor);
  if (path.empty()) return Status(ESTALE, "no path is known for the inode");
  VEXFS_TRY(top, top_of_hint(ancestor));
  Result<Fd> found = tree::open_beneath(top.get(), path, kPathFlags, tree::MountPoints::kEntered);
  if (!found.ok() || !same_identity(found.value().get(), handle)) {
    return Status(ESTALE, "the inode is not where it was");
  }
  if ((flags & O_PATH) != 0) return found;
  Fd fd(::open(ProcPath(found.value().get()).c_str(), (flags & ~O_NOFOLLOW) | O_CLOEXEC));
  if (!fd.valid()) return errno_status("open");
  return fd;
}

Result<Fd> Backing::open(NodeId node, int flags) {
  if (node == kRootNode) {
    Fd fd(::openat(root_->get(), ".", flags | O_CLOEXEC));
    if (!fd.valid()) return errno_status("open");
    return fd;
  }
  FileHandle handle;
  VEXFS_TRY(info, nodes_.handle_of(node, handle));
  int error = ESTALE;
  if (handle.type == FileHandle::kInodeNumberType) {
    auto by_hint = open_by_hint(node, handle, flags);
    if (by_hint.ok() || by_hint.error() != ESTALE) return by_hint;
  } else {
    Fd fd(open_in(mounts_.descriptor(handle.mount), handle, flags));
    if (fd.valid()) return fd;
    error = errno;
    if (error != ESTALE) return Status(error, "open_by_handle_at");
  }
  // The handle of an unlinked file opens nothing any more, but a descriptor of it does.
  const std::shared_ptr<const Fd> by = held(info);
  if (by == nullptr) return Status(error, "the inode is gone");
  Fd fd(::open(ProcPath(by->get()).c_str(), (flags & ~(O_NOFOLLOW | O_CREAT)) | O_CLOEXEC));
  if (!fd.valid()) return errno_status("open");
  return fd;
}

Result<NodeFd> Backing::directory(NodeId node) {
  if (node == kRootNode) return NodeFd(root_);
  if (auto cached = directories_.get(node)) return NodeFd(std::move(cached));
  VEXFS_TRY(fd, open(node, O_PATH | O_DIRECTORY));
  auto shared = std::make_shared<const Fd>(std::move(fd));
  directories_.put(node, shared);
  return NodeFd(std::move(shared));
}

Result<NodeFd> Backing::any(NodeId node) {
  if (node == kRootNode) return NodeFd(root_);
  if (auto cached = directories_.get(node)) return NodeFd(std::move(cached));
  FileHandle handle;
  VEXFS_TRY(info, nodes_.handle_of(node, handle));
  if (auto by = held(info)) return NodeFd(std::move(by));
  VEXFS_TRY(fd, open(node, kPathFlags));
  return NodeFd(std::move(fd));
}

Result<NodeFd> Backing::real(NodeId node, bool& is_real) {
  is_real = true;
  if (node == kRootNode) return NodeFd(root_);
  FileHandle handle;
  VEXFS_TRY(info, nodes_.handle_of(node, handle));
  if (info.open) {
    if (auto fd = open_files_.descriptor_of(node)) return NodeFd(std::move(fd));
  }
  const bool opens_cleanly = info.type == S_IFREG || info.type == S_IFDIR;
  if (opens_cleanly && handle.type != FileHandle::kInodeNumberType && !info.pinned) {
    VEXFS_TRY(fd, open(node, O_RDONLY | O_NONBLOCK | O_NOFOLLOW));
    return NodeFd(std::move(fd));
  }
  is_real = false;
  return any(node);
}

Result<Entry> Backing::stat(NodeId node) {
  VEXFS_TRY(fd, any(node));
  return stat(node, fd.get());
}

Result<Entry> Backing::stat(NodeId node, int fd) {
  Entry entry;
  entry.info.node = node;
  if (node != kRootNode) {
    FileHandle handle;
    VEXFS_TRY(info, nodes_.handle_of(node, handle));
    entry.info = info;
  }
  if (::fstat(fd, &entry.stat) != 0) return errno_status("fstat");
  show_inode_number(entry.stat);
  return entry;
}

void Backing::keep_if_last_name(int directory, const char* name, bool is_directory) {
  Fd fd(::openat(directory, name, kPathFlags));
  struct stat stat;
  if (!fd.valid() || ::fstat(fd.get(), &stat) != 0) return;
  if (!is_directory && !S_ISDIR(stat.st_mode) && stat.st_nlink > 1) {
    if (uses_handles_) return;  // Its handle still leads to it; a hint may be the removed name.
  }
  FileHandle handle;
  if (!identity_of(fd.get(), handle).ok()) return;
  const NodeInfo info = nodes_.find(handle);
  if (info.node == kNoNode) return;
  std::shared_ptr<const Fd> oldest;  // Closed after the lock.
  auto pin = std::make_shared<const Fd>(std::move(fd));
  MutexLock lock(pins_mutex_);
  if (pins_.size() >= limits::kPinnedNodesMax) {
    while (!pin_order_.empty() && oldest == nullptr) {
      const auto found = pins_.find(pin_order_.front());
      pin_order_.pop_front();
      if (found == pins_.end()) continue;
      oldest = std::move(found->second);
      pins_.erase(found);
    }
  }
  if (pin_order_.size() >= 2 * limits::kPinnedNodesMax) {
    std::erase_if(pin_order_, [&](uint64_t id) {
      pins_mutex_.assert_held();
      return !pins_.contains(id);
    });
  }
  nodes_.set_flag(info.node, NodeFlag::kPinned, true);
  pins_[static_cast<uint64_t>(info.node)] = std::move(pin);
  pin_order_.push_back(static_cast<uint64_t>(info.node));
}

void Backing::moved(NodeId new_parent, const char* new_name) {
  if (uses_handles_) return;
  const auto entry = lookup(new_parent, new_name);
  if (entry.ok()) forget(entry.value().info.node, 1);
}

}  // namespace vexfs::fs
