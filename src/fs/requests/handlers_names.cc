// Names: mknod, mkdir, symlink, link, unlink, rmdir, rename.
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/proc_path.h"
#include "fs/backing/caller.h"
#include "fs/requests/handlers.h"
#include "fs/requests/vector_hooks.h"

namespace vexfs::fs::handlers {
namespace {

// The directory of a request that adds `name` to it. EPERM inside the surface, EEXIST for the name
// `.vexfs`.
Result<NodeFd> directory_for_new(FileSystem& fs, fuse_ino_t parent, const char* name) {
  if (is_surface(NodeId{parent})) return Status(EPERM, "read-only surface");
  if (is_reserved(name)) return Status(EEXIST, "reserved name");
  return fs.backing.directory(NodeId{parent});
}

// The directory of a request that removes or moves `name`. EPERM inside the surface and for
// a `.vexfs` that is the surface.
Result<NodeFd> directory_of_existing(FileSystem& fs, fuse_ino_t parent, const char* name) {
  if (is_surface(NodeId{parent}) || is_own_store(NodeId{parent}, name)) {
    return Status(EPERM, "reserved name");
  }
  Result<NodeFd> directory = fs.backing.directory(NodeId{parent});
  if (directory.ok() && is_reserved(name) &&
      ::faccessat(directory.value().get(), name, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
    return Status(EPERM, "reserved name");
  }
  return directory;
}

void act_as_caller(fuse_req_t req) {
  const fuse_ctx* context = fuse_req_ctx(req);
  act_as(context->uid, context->gid, context->umask);
}

int link_by_descriptor(int fd, int directory, const char* name) {
  if (::linkat(fd, "", directory, name, AT_EMPTY_PATH) == 0) return 0;
  if (errno != ENOENT) return -1;
  // Without CAP_DAC_READ_SEARCH the kernel answers ENOENT (linkat(2), AT_EMPTY_PATH). A link
  // through /proc/self/fd needs no capability.
  return ::linkat(AT_FDCWD, ProcPath(fd).c_str(), directory, name, AT_SYMLINK_FOLLOW);
}

}  // namespace

void on_mknod(fuse_req_t req, fuse_ino_t parent, const char* name, mode_t mode, dev_t device) {
  VEXFS_HANDLER(req, mknod);
  const Result<NodeFd> directory = directory_for_new(fs, parent, name);
  if (!directory.ok()) return reply_status(req, directory.status());
  act_as_caller(req);
  if (::mknodat(directory.value().get(), name, mode, device) != 0) {
    return reply_status(req, errno_status("mknodat"));
  }
  const Result<Entry> entry = fs.backing.lookup(NodeId{parent}, name);
  if (entry.ok() && S_ISREG(mode)) tell_content_changed(fs, entry.value().info.node);
  reply_entry(fs, req, entry);
}

void on_mkdir(fuse_req_t req, fuse_ino_t parent, const char* name, mode_t mode) {
  VEXFS_HANDLER(req, mkdir);
  if (is_surface(NodeId{parent})) return fs.surface.mkdir(req, NodeId{parent}, name);
  const Result<NodeFd> directory = directory_for_new(fs, parent, name);
  if (!directory.ok()) return reply_status(req, directory.status());
  act_as_caller(req);
  if (::mkdirat(directory.value().get(), name, mode) != 0) {
    return reply_status(req, errno_status("mkdirat"));
  }
  reply_entry(fs, req, fs.backing.lookup(NodeId{parent}, name));
}

void on_symlink(fuse_req_t req, const char* target, fuse_ino_t parent, const char* name) {
  VEXFS_HANDLER(req, symlink);
  const Result<NodeFd> directory = directory_for_new(fs, parent, name);
  if (!directory.ok()) return reply_status(req, directory.status());
  act_as_caller(req);
  if (::symlinkat(target, directory.value().get(), name) != 0) {
    return reply_status(req, errno_status("symlinkat"));
  }
  reply_entry(fs, req, fs.backing.lookup(NodeId{parent}, name));
}

void on_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t new_parent, const char* new_name) {
  VEXFS_HANDLER(req, link);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(EPERM, "read-only surface"));
  const Result<NodeFd> directory = directory_for_new(fs, new_parent, new_name);
  if (!directory.ok()) return reply_status(req, directory.status());
  const Result<NodeFd> file = fs.backing.any(NodeId{ino});
  if (!file.ok()) return reply_status(req, file.status());
  act_as_caller(req);
  if (link_by_descriptor(file.value().get(), directory.value().get(), new_name) != 0) {
    return reply_status(req, errno_status("linkat"));
  }
  tell_linked(fs, NodeId{new_parent}, new_name, NodeId{ino});
  tell_content_changed(fs, NodeId{ino});
  reply_entry(fs, req, fs.backing.lookup(NodeId{new_parent}, new_name));
}

void on_unlink(fuse_req_t req, fuse_ino_t parent, const char* name) {
  VEXFS_HANDLER(req, unlink);
  const Result<NodeFd> directory = directory_of_existing(fs, parent, name);
  if (!directory.ok()) return reply_status(req, directory.status());
  fs.backing.keep_if_last_name(directory.value().get(), name, false);
  if (::unlinkat(directory.value().get(), name, 0) != 0) {
    return reply_status(req, errno_status("unlinkat"));
  }
  tell_unlinked(fs, NodeId{parent}, name);
  fuse_reply_err(req, 0);
}

void on_rmdir(fuse_req_t req, fuse_ino_t parent, const char* name) {
  VEXFS_HANDLER(req, rmdir);
  if (is_surface(NodeId{parent})) return fs.surface.rmdir(req, NodeId{parent}, name);
  const Result<NodeFd> directory = directory_of_existing(fs, parent, name);
  if (!directory.ok()) return reply_status(req, directory.status());
  fs.backing.keep_if_last_name(directory.value().get(), name, true);
  if (::unlinkat(directory.value().get(), name, AT_REMOVEDIR) != 0) {
    return reply_status(req, errno_status("unlinkat"));
  }
  tell_unlinked(fs, NodeId{parent}, name);
  fuse_reply_err(req, 0);
}

void on_rename(fuse_req_t req, fuse_ino_t parent, const char* name, fuse_ino_t new_parent,
               const char* new_name, unsigned int flags) {
  VEXFS_HANDLER(req, rename);
  if (is_surface(NodeId{parent})) {
    return fs.surface.rename(req, NodeId{parent}, name, NodeId{new_parent}, new_name, flags);
  }
  const Result<NodeFd> from = directory_of_existing(fs, parent, name);
  if (!from.ok()) return reply_status(req, from.status());
  if (is_reserved(new_name)) return reply_status(req, Status(EPERM, "reserved name"));
  const Result<NodeFd> to = directory_of_existing(fs, new_parent, new_name);
  if (!to.ok()) return reply_status(req, to.status());
  if ((flags & (RENAME_NOREPLACE | RENAME_EXCHANGE)) == 0) {
    fs.backing.keep_if_last_name(to.value().get(), new_name, false);
  }
  if ((flags & RENAME_WHITEOUT) != 0) act_as_caller(req);
  if (::renameat2(from.value().get(), name, to.value().get(), new_name, flags) != 0) {
    return reply_status(req, errno_status("renameat2"));
  }
  fs.backing.moved(NodeId{new_parent}, new_name);
  if ((flags & RENAME_EXCHANGE) != 0) fs.backing.moved(NodeId{parent}, name);
  tell_renamed(fs, NodeId{parent}, name, NodeId{new_parent}, new_name, flags);
  tell_content_moved(fs, NodeId{new_parent}, new_name);
  if ((flags & RENAME_EXCHANGE) != 0) tell_content_moved(fs, NodeId{parent}, name);
  fuse_reply_err(req, 0);
}

}  // namespace vexfs::fs::handlers
