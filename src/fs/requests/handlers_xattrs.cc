// Extended attributes, ACLs among them: setxattr, getxattr, listxattr, removexattr.
#include <sys/xattr.h>

#include <algorithm>
#include <span>
#include <string_view>

#include "base/limits.h"
#include "base/proc_path.h"
#include "fs/reply_buffer.h"
#include "fs/requests/attribute_list.h"
#include "fs/requests/handlers.h"
#include "fs/requests/kill_privileges.h"
#include "fs/requests/raw_requests.h"
#include "fs/requests/vector_attributes.h"
#include "fs/requests/vector_hooks.h"
#include "fs/surface/saved_searches.h"
#include "fs/surface/surface_node.h"

namespace vexfs::fs::handlers {
namespace {

// An inode whose attributes are asked for. Where `is_real`, `fd` takes the f*xattr calls; otherwise
// it is an O_PATH descriptor, and the calls go through its link in /proc/self/fd.
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

// All of user.vexfs.* belongs to VexFS and is never stored on the backing file. Saved searches are
// the exception: they are attributes like any other.
bool is_reserved_attribute(std::string_view name) {
  return name.starts_with(kReservedAttributes) && !name.starts_with(kSavedAttributes);
}

bool is_acl(std::string_view name) { return name.starts_with("system.posix_acl_"); }

// Turns EOPNOTSUPP for an ACL into ENODATA: what cannot have an ACL has none. The kernel asks for
// the ACL before it grants access to anyone but the owner, and passes EOPNOTSUPP on to the caller
// of open(2).
Status no_acl(const Status& status, const char* name) {
  return is_acl(name) && status.error() == EOPNOTSUPP ? Status(ENODATA, "no ACL") : status;
}

// The bytes that may be read for a caller whose buffer has `size` bytes.
size_t capacity(size_t size) { return std::min(size, limits::kXattrValueBytesMax); }

void reply_value(fuse_req_t req, size_t bytes, size_t size, const char* data) {
  if (size == 0) {
    fuse_reply_xattr(req, bytes);
  } else {
    fuse_reply_buf(req, data, bytes);
  }
}

// --- Requests for the attributes that belong to VexFS.
void set_reserved(FileSystem& fs, fuse_req_t req, NodeId node, std::string_view name,
                  std::span<const std::byte> value, int flags) {
  const std::string_view space = space_of_attribute(name);
  if (space.empty()) return reply_status(req, Status(EPERM, "reserved"));
  if (is_surface(node)) return reply_status(req, Status(EOPNOTSUPP, "surface"));
  reply_status(req, set_vector_attribute(fs, node, space, value, flags));
}

void get_state(FileSystem& fs, fuse_req_t req, NodeId node, size_t size) {
  char* data = reply_buffer().data;
  const Result<size_t> bytes =
      get_state_attribute(fs, node, std::span(data, limits::kXattrValueBytesMax));
  if (!bytes.ok()) return reply_status(req, bytes.status());
  if (size != 0 && bytes.value() > size) return reply_status(req, Status(ERANGE, "getxattr"));
  reply_value(req, bytes.value(), size, data);
}

void get_reserved(FileSystem& fs, fuse_req_t req, NodeId node, std::string_view name, size_t size) {
  const std::string_view space = space_of_attribute(name);
  if (is_surface(node)) return reply_status(req, Status(ENODATA, "surface"));
  if (name == kStateAttribute) return get_state(fs, req, node, size);
  if (space.empty()) return reply_status(req, Status(ENODATA, "reserved"));
  char* data = reply_buffer().data;
  const Result<size_t> bytes = get_vector_attribute(
      fs, node, space, std::as_writable_bytes(std::span(data, capacity(size))));
  if (!bytes.ok()) return reply_status(req, bytes.status());
  reply_value(req, bytes.value(), size, data);
}

void remove_reserved(FileSystem& fs, fuse_req_t req, NodeId node, std::string_view name) {
  const std::string_view space = space_of_attribute(name);
  if (is_surface(node) || space.empty()) return reply_status(req, Status(EPERM, "reserved"));
  reply_status(req, remove_vector_attribute(fs, node, space));
}

}  // namespace

void on_setxattr(fuse_req_t req, fuse_ino_t ino, const char* name, const char* value, size_t size,
                 int flags) {
  VEXFS_HANDLER(req, setxattr);
  if (is_reserved_attribute(name)) {
    return set_reserved(fs, req, NodeId{ino}, name, std::as_bytes(std::span(value, size)), flags);
  }
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, target.status());
  if (std::string_view(name).starts_with(kSavedAttributes)) {
    const Status allowed = check_saved_attribute(fs.backing, NodeId{ino}, name, size);
    if (!allowed.ok()) return reply_status(req, allowed);
  }
  const int fd = target.value().fd.get();
  const int failed = target.value().is_real
                         ? ::fsetxattr(fd, name, value, size, flags)
                         : ::setxattr(ProcPath(fd).c_str(), name, value, size, flags);
  if (failed != 0) return reply_status(req, errno_status("setxattr"));
  if (is_acl(name)) tell_permissions_changed(fs, NodeId{ino});
  if (this_request_kills_privileges()) return reply_status(req, clear_setgid(fd));
  fuse_reply_err(req, 0);
}

void on_getxattr(fuse_req_t req, fuse_ino_t ino, const char* name, size_t size) {
  VEXFS_HANDLER(req, getxattr);
  if (is_reserved_attribute(name)) return get_reserved(fs, req, NodeId{ino}, name, size);
  // Access to `saved` is what access to the directory of its searches is, ACL included.
  if (is_acl(name) && is_saved(NodeId{ino}))
    ino = static_cast<fuse_ino_t>(directory_of(NodeId{ino}));
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, no_acl(target.status(), name));
  const int fd = target.value().fd.get();
  char* data = reply_buffer().data;
  const ssize_t bytes = target.value().is_real
                            ? ::fgetxattr(fd, name, data, capacity(size))
                            : ::getxattr(ProcPath(fd).c_str(), name, data, capacity(size));
  if (bytes < 0) return reply_status(req, no_acl(errno_status("getxattr"), name));
  reply_value(req, static_cast<size_t>(bytes), size, data);
}

void on_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size) {
  VEXFS_HANDLER(req, listxattr);
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, target.status());
  const int fd = target.value().fd.get();
  char* data = reply_buffer().data;
  const ssize_t bytes = target.value().is_real
                            ? ::flistxattr(fd, data, limits::kXattrValueBytesMax)
                            : ::listxattr(ProcPath(fd).c_str(), data, limits::kXattrValueBytesMax);
  if (bytes < 0) return reply_status(req, errno_status("listxattr"));
  auto used =
      without_prefix(data, static_cast<size_t>(bytes), kReservedAttributes, kSavedAttributes);
  // Only root may list trusted.* attributes. The daemon may be root where the caller is not.
  if (fuse_req_ctx(req)->uid != 0) used = without_prefix(data, used, "trusted.");
  const Result<size_t> added = list_vector_attributes(
      fs, NodeId{ino}, std::span(data + used, limits::kXattrValueBytesMax - used));
  if (!added.ok()) return reply_status(req, added.status());
  used += added.value();
  if (size != 0 && used > size) return reply_status(req, Status(ERANGE, "listxattr"));
  reply_value(req, used, size, data);
}

void on_removexattr(fuse_req_t req, fuse_ino_t ino, const char* name) {
  VEXFS_HANDLER(req, removexattr);
  if (is_reserved_attribute(name)) return remove_reserved(fs, req, NodeId{ino}, name);
  const Result<Target> target = target_of(fs, ino);
  if (!target.ok()) return reply_status(req, target.status());
  const int fd = target.value().fd.get();
  const int failed =
      target.value().is_real ? ::fremovexattr(fd, name) : ::removexattr(ProcPath(fd).c_str(), name);
  if (failed != 0) return reply_status(req, errno_status("removexattr"));
  if (is_acl(name)) tell_permissions_changed(fs, NodeId{ino});
  fuse_reply_err(req, 0);
}

}  // namespace vexfs::fs::handlers
