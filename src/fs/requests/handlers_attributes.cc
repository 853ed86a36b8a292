// Attributes: getattr, setattr, statfs, readlink, ioctl (inode flags).
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/proc_path.h"
#include "fs/reply_buffer.h"
#include "fs/requests/handlers.h"
#include "fs/requests/kill_privileges.h"
#include "fs/requests/vector_hooks.h"

namespace vexfs::fs::handlers {
namespace {

constexpr int kSetAnyTime =
    FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_ATIME_NOW | FUSE_SET_ATTR_MTIME_NOW;

Status set_mode(int fd, bool is_real, mode_t mode) {
  const int failed = is_real ? ::fchmod(fd, mode) : ::chmod(ProcPath(fd).c_str(), mode);
  return failed == 0 ? Status() : errno_status("chmod");
}

Status set_owner(int fd, const struct stat& attr, int valid) {
  const uid_t uid = (valid & FUSE_SET_ATTR_UID) != 0 ? attr.st_uid : static_cast<uid_t>(-1);
  const gid_t gid = (valid & FUSE_SET_ATTR_GID) != 0 ? attr.st_gid : static_cast<gid_t>(-1);
  if (::fchownat(fd, "", uid, gid, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) == 0) return {};
  return errno_status("fchownat");
}

Status set_size(Backing& backing, NodeId node, off_t size, const fuse_file_info* fi) {
  if (fi != nullptr) {
    const int fd = reinterpret_cast<const OpenFile*>(fi->fh)->fd->get();
    return ::ftruncate(fd, size) == 0 ? Status() : errno_status("ftruncate");
  }
  VEXFS_TRY(fd, backing.open(node, O_WRONLY | O_NONBLOCK | O_NOFOLLOW));
  return ::ftruncate(fd.get(), size) == 0 ? Status() : errno_status("ftruncate");
}

timespec time_to_set(int valid, int set_bit, int now_bit, const timespec& value) {
  if ((valid & now_bit) != 0) return {0, UTIME_NOW};
  if ((valid & set_bit) != 0) return value;
  return {0, UTIME_OMIT};
}

Status set_times(int fd, const struct stat& attr, int valid) {
  const timespec times[2] = {
      time_to_set(valid, FUSE_SET_ATTR_ATIME, FUSE_SET_ATTR_ATIME_NOW, attr.st_atim),
      time_to_set(valid, FUSE_SET_ATTR_MTIME, FUSE_SET_ATTR_MTIME_NOW, attr.st_mtim)};
  if (::utimensat(fd, "", times, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) == 0) return {};
  return errno_status("utimensat");
}

// Sets what `valid` names; returns the attributes as they are afterwards.
Result<Entry> set_attributes(FileSystem& fs, const fuse_ctx& caller, NodeId node,
                             const struct stat& attr, int valid, const fuse_file_info* fi) {
  bool is_real = false;
  const bool sets_mode = (valid & FUSE_SET_ATTR_MODE) != 0;
  VEXFS_TRY(opened, sets_mode ? fs.backing.real(node, is_real) : fs.backing.any(node));
  const int fd = opened.get();
  // The owner is set before the mode, because a change of owner clears setuid and setgid.
  if ((valid & (FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID)) != 0) {
    VEXFS_CHECK_OK(set_owner(fd, attr, valid));
  }
  if ((valid & FUSE_SET_ATTR_SIZE) != 0) {
    VEXFS_CHECK_OK(set_size(fs.backing, node, attr.st_size, fi));
  }
  // Bit 11 (FATTR_KILL_SUIDGID) asks to clear setuid and setgid. A request that sets nothing at all
  // means the same: it is what remains of the kernel's own attempt before a write or fallocate.
  const bool kill = valid == 0 || (valid & FUSE_SET_ATTR_KILL_SUID) != 0;
  if (kill && !sets_mode) VEXFS_CHECK_OK(kill_privileges(fd, caller));
  if (sets_mode) VEXFS_CHECK_OK(set_mode(fd, is_real, attr.st_mode));
  if ((valid & kSetAnyTime) != 0) VEXFS_CHECK_OK(set_times(fd, attr, valid));
  return fs.backing.stat(node, fd);
}

// Only regular files and directories have inode flags. An O_PATH descriptor takes no ioctl, so the
// file behind it is opened once more.
Status set_or_get(int fd, bool is_real, unsigned int command, void* value) {
  Fd opened;
  if (!is_real) {
    struct stat stat;
    if (::fstat(fd, &stat) != 0) return errno_status("fstat");
    if (!S_ISREG(stat.st_mode) && !S_ISDIR(stat.st_mode)) return Status(ENOTTY, "ioctl");
    opened.reset(::open(ProcPath(fd).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!opened.valid()) return errno_status("open");
  }
  if (::ioctl(is_real ? fd : opened.get(), command, value) == 0) return {};
  return errno_status("ioctl");
}

}  // namespace

void on_getattr(fuse_req_t req, fuse_ino_t ino, fuse_file_info*) {
  VEXFS_HANDLER(req, getattr);
  if (is_surface(NodeId{ino})) return fs.surface.getattr(req, NodeId{ino});
  reply_attributes(fs, req, fs.backing.stat(NodeId{ino}));
}

void on_setattr(fuse_req_t req, fuse_ino_t ino, struct stat* attr, int valid, fuse_file_info* fi) {
  VEXFS_HANDLER(req, setattr);
  const NodeId node{ino};
  if (is_surface(node)) return fs.surface.setattr(req, node, valid);
  const Result<Entry> set = set_attributes(fs, *fuse_req_ctx(req), node, *attr, valid, fi);
  if (!set.ok()) return reply_status(req, set.status());
  constexpr int kPermissions = FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID | FUSE_SET_ATTR_GID;
  if ((valid & kPermissions) != 0) tell_permissions_changed(fs, node);
  constexpr int kContent = FUSE_SET_ATTR_SIZE | FUSE_SET_ATTR_MTIME | FUSE_SET_ATTR_MTIME_NOW;
  if ((valid & kContent) != 0) tell_content_changed(fs, node);
  reply_attributes(fs, req, set);
}

void on_statfs(fuse_req_t req, fuse_ino_t ino) {
  VEXFS_HANDLER(req, statfs);
  const NodeId node = is_surface(NodeId{ino}) ? kRootNode : NodeId{ino};
  const Result<NodeFd> fd = fs.backing.any(node);
  if (!fd.ok()) return reply_status(req, fd.status());
  struct statvfs info;
  if (::fstatvfs(fd.value().get(), &info) != 0) return reply_status(req, errno_status("fstatvfs"));
  fuse_reply_statfs(req, &info);
}

void on_readlink(fuse_req_t req, fuse_ino_t ino) {
  VEXFS_HANDLER(req, readlink);
  if (is_surface(NodeId{ino})) return fs.surface.readlink(req, NodeId{ino});
  const Result<NodeFd> fd = fs.backing.any(NodeId{ino});
  if (!fd.ok()) return reply_status(req, fd.status());
  const ReplyBuffer buffer = reply_buffer();
  const ssize_t bytes = ::readlinkat(fd.value().get(), "", buffer.data, limits::kSymlinkBytesMax);
  if (bytes < 0) return reply_status(req, errno_status("readlinkat"));
  fuse_reply_buf(req, buffer.data, static_cast<size_t>(bytes));
}

void on_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int command, void*, fuse_file_info*,
              unsigned int, const void* in, size_t in_bytes, size_t out_bytes) {
  VEXFS_HANDLER(req, ioctl);
  // Only inode flags and project ids are passed on: their arguments are plain values, and the
  // kernel has checked the caller's rights (vfs_fileattr_set). Any other ioctl might reach beyond
  // the file.
  const bool sets = command == FS_IOC_SETFLAGS || command == FS_IOC_FSSETXATTR;
  const bool gets = command == FS_IOC_GETFLAGS || command == FS_IOC_FSGETXATTR;
  if (is_surface(NodeId{ino}) || (!sets && !gets)) {
    return reply_status(req, Status(ENOTTY, "ioctl"));
  }
  union {
    unsigned int flags;
    struct fsxattr attributes;
    unsigned char bytes[sizeof(struct fsxattr)];
  } value = {};
  const size_t expected = command == FS_IOC_SETFLAGS || command == FS_IOC_GETFLAGS
                              ? sizeof(value.flags)
                              : sizeof(value.attributes);
  if ((sets && in_bytes < expected) || (gets && out_bytes < expected)) {
    return reply_status(req, Status(EINVAL, "ioctl argument"));
  }
  if (sets) __builtin_memcpy(value.bytes, in, expected);
  bool is_real = false;
  const Result<NodeFd> fd = fs.backing.real(NodeId{ino}, is_real);
  if (!fd.ok()) return reply_status(req, fd.status());
  const Status status = set_or_get(fd.value().get(), is_real, command, &value);
  if (!status.ok()) return reply_status(req, status);
  // The kernel does not know that this changes the ctime.
  if (sets) fuse_lowlevel_notify_inval_inode(fs.session, ino, -1, 0);
  fuse_reply_ioctl(req, 0, value.bytes, gets ? expected : 0);
}

}  // namespace vexfs::fs::handlers
