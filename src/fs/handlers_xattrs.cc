// Extended attributes, ACLs among them: setxattr, getxattr, listxattr, removexattr.
#include <sys/xattr.h>

#include <algorithm>
#include <cstring>

#include "base/limits.h"
#include "base/proc_path.h"
#include "fs/handlers.h"
#include "fs/kill_privileges.h"
#include "fs/raw_requests.h"

namespace vexfs::fs::handlers {
namespace {

// An inode's attributes are reached by descriptor where one can be had, else by its magic link.
struct Target {
  NodeFd fd;
  bool is_real;
};

Result<Target> target_of(FileSystem& fs, fuse_ino_t ino) {
  if (is_surface(NodeId{ino})) return Status(EOPNOTSUPP, "surface");
  bool is_real = false;
  VEXFS_TRY(fd, fs.backing.real(NodeId{ino}, is_real));
  return Target{std::move(fd), is_real};
}

// user.vexfs.* belongs to VexFS and is never stored as it is.
bool is_reserved_attribute(const char* name) { return std::strncmp(name, "user.vexfs.", 11) == 0; }

// Where there can be no ACL there is none. The kernel asks for it before it lets anyone but the
// owner in, and would hand EOPNOTSUPP on to the caller of open(2).
Status no_acl(const Status& status, const char* name) {
  const bool asked_for_acl = std::strncmp(name, "system.posix_acl_", 17) == 0;
  return asked_for_acl && status.error() == EOPNOTSUPP ? Status(ENODATA, "no ACL") : status;
}

// Drops the names that the backing filesystem shows to root alone; the bytes that are left.
size_t without_trusted(char* names, size_t bytes) {
  size_t kept = 0;
  for (size_t at = 0; at < bytes;) {
    const size_t length = ::strnlen(names + at, bytes - at) + 1;
    const size_t taken = std::min(length, bytes - at);
    if (std::strncmp(names + at, "trusted.", 8) != 0) {
      std::memmove(names + kept, names + at, taken);
      kept += taken;
    }
    at += taken;
  }
  return kept;
}

// How many bytes a caller's buffer of `size` can take.
size_t capacity(size_t size) { return std::min(size, limits::kXattrValueBytesMax); }

void reply_value(fuse_req_t req, ssize_t bytes, size_t size, const char* data) {
  if (bytes < 0) return reply_status(req, errno_status("xattr"));
  if (size == 0) {
    fuse_reply_xattr(req, static_cast<size_t>(bytes));
  } else {
    fuse_reply_buf(req, data, static_cast<size_t>(bytes));
  }
}

}  // namespace

void on_setxattr(fuse_req_t req, fuse_ino_t ino, const char* name, const char* value, size_t size,
                 int flags) {
  VEXFS_HANDLER(req, setxattr);
  if (is_reserved_attribute(name)) return reply_status(req, Status(EOPNOTSUPP, "reserved"));
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, target.status());
  const int fd = target.value().fd.get();
  const int failed = target.value().is_real
                         ? ::fsetxattr(fd, name, value, size, flags)
                         : ::setxattr(ProcPath(fd).c_str(), name, value, size, flags);
  if (failed != 0) return reply_status(req, errno_status("setxattr"));
  if (this_request_kills_privileges()) return reply_status(req, clear_setgid(fd));
  fuse_reply_err(req, 0);
}

void on_getxattr(fuse_req_t req, fuse_ino_t ino, const char* name, size_t size) {
  VEXFS_HANDLER(req, getxattr);
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, no_acl(target.status(), name));
  const int fd = target.value().fd.get();
  char* data = reply_buffer().data;
  const ssize_t bytes = target.value().is_real
                            ? ::fgetxattr(fd, name, data, capacity(size))
                            : ::getxattr(ProcPath(fd).c_str(), name, data, capacity(size));
  if (bytes < 0) return reply_status(req, no_acl(errno_status("getxattr"), name));
  reply_value(req, bytes, size, data);
}

void on_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size) {
  VEXFS_HANDLER(req, listxattr);
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, target.status());
  const int fd = target.value().fd.get();
  char* data = reply_buffer().data;
  ssize_t bytes = target.value().is_real
                      ? ::flistxattr(fd, data, limits::kXattrValueBytesMax)
                      : ::listxattr(ProcPath(fd).c_str(), data, limits::kXattrValueBytesMax);
  if (bytes > 0 && fuse_req_ctx(req)->uid != 0) {
    bytes = static_cast<ssize_t>(without_trusted(data, static_cast<size_t>(bytes)));
  }
  if (size != 0 && bytes > static_cast<ssize_t>(size)) {
    return reply_status(req, Status(ERANGE, "listxattr"));
  }
  reply_value(req, bytes, size, data);
}

void on_removexattr(fuse_req_t req, fuse_ino_t ino, const char* name) {
  VEXFS_HANDLER(req, removexattr);
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, target.status());
  const int fd = target.value().fd.get();
  const int failed =
      target.value().is_real ? ::fremovexattr(fd, name) : ::removexattr(ProcPath(fd).c_str(), name);
  fuse_reply_err(req, failed == 0 ? 0 : errno);
}

}  // namespace vexfs::fs::handlers
