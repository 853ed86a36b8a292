// File data and space: read, write, fallocate, copy_file_range, lseek.
#include <fcntl.h>
#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>

#include "base/limits.h"
#include "fs/reply_buffer.h"
#include "fs/requests/handlers.h"
#include "fs/requests/kill_privileges.h"
#include "fs/requests/raw_requests.h"

namespace vexfs::fs::handlers {
namespace {

int descriptor(const fuse_file_info* fi) { return open_file(fi).fd->get(); }

// What the caller's flags, as they are at this request, ask of one write. Pages that were changed
// through a mapping go to their place whatever the flags are.
int write_flags(const fuse_file_info* fi) {
  if (fi->writepage != 0) return 0;
  int flags = (fi->flags & O_APPEND) != 0 ? RWF_APPEND : 0;
  if ((fi->flags & O_SYNC) == O_SYNC) return flags | RWF_SYNC;
  return (fi->flags & O_DSYNC) != 0 ? flags | RWF_DSYNC : flags;
}

// O_NOATIME is the descriptor's alone. Whoever may set it there may set it here.
void follow_noatime(int fd, int flags) {
  const int present = ::fcntl(fd, F_GETFL);
  if (present < 0 || ((present ^ flags) & O_NOATIME) == 0) return;
  (void)::fcntl(fd, F_SETFL, present ^ O_NOATIME);
}

}  // namespace

void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi) {
  VEXFS_HANDLER(req, read);
  if (is_surface(NodeId{ino})) return fs.surface.read(req, NodeId{ino}, size, offset, *fi);
  const ReplyBuffer buffer = reply_buffer();
  follow_noatime(descriptor(fi), fi->flags);
  const ssize_t bytes = ::pread(descriptor(fi), buffer.data, std::min(size, buffer.bytes), offset);
  if (bytes < 0) return reply_status(req, errno_status("pread"));
  fuse_reply_buf(req, buffer.data, static_cast<size_t>(bytes));
}

void on_write(fuse_req_t req, fuse_ino_t ino, const char* data, size_t size, off_t offset,
              fuse_file_info* fi) {
  VEXFS_HANDLER(req, write);
  if (is_surface(NodeId{ino})) return fs.surface.write(req, NodeId{ino}, {data, size}, *fi);
  const int fd = descriptor(fi);
  const iovec all = {const_cast<char*>(data), size};
  const ssize_t bytes = ::pwritev2(fd, &all, 1, offset, write_flags(fi));
  if (bytes < 0) return reply_status(req, errno_status("pwritev2"));
  if (this_request_kills_privileges()) (void)kill_privileges(fd, *fuse_req_ctx(req));
  fuse_reply_write(req, static_cast<size_t>(bytes));
}

void on_poll(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, fuse_pollhandle* handle) {
  FileSystem& fs = file_system(req);
  if (!admit(fs, Operation::poll, __builtin_frame_address(0))) {
    if (handle != nullptr) fuse_pollhandle_destroy(handle);
    return reply_status(req, Status(ENOMEM, "stack"));
  }
  if (is_surface(NodeId{ino})) return fs.surface.poll(req, NodeId{ino}, *fi, handle);
  if (handle != nullptr) fuse_pollhandle_destroy(handle);
  // This is the kernel's own answer for regular files. ENOSYS would make the kernel give it for
  // every file of the mount, those of the surface included.
  fuse_reply_poll(req, POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM);
}

void on_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t offset, off_t length,
                  fuse_file_info* fi) {
  VEXFS_HANDLER(req, fallocate);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(EPERM, "read-only surface"));
  fuse_reply_err(req, ::fallocate(descriptor(fi), mode, offset, length) == 0 ? 0 : errno);
}

void on_copy_file_range(fuse_req_t req, fuse_ino_t ino_in, off_t offset_in, fuse_file_info* fi_in,
                        fuse_ino_t ino_out, off_t offset_out, fuse_file_info* fi_out, size_t length,
                        int flags) {
  VEXFS_HANDLER(req, copy_file_range);
  // After EXDEV the kernel copies through its own cache.
  if (is_surface(NodeId{ino_in}) || is_surface(NodeId{ino_out})) {
    return reply_status(req, Status(EXDEV, "surface"));
  }
  const ssize_t bytes = ::copy_file_range(descriptor(fi_in), &offset_in, descriptor(fi_out),
                                          &offset_out, length, static_cast<unsigned int>(flags));
  if (bytes < 0) return reply_status(req, errno_status("copy_file_range"));
  fuse_reply_write(req, static_cast<size_t>(bytes));
}

void on_lseek(fuse_req_t req, fuse_ino_t ino, off_t offset, int whence, fuse_file_info* fi) {
  VEXFS_HANDLER(req, lseek);
  if (is_surface(NodeId{ino})) return reply_status(req, Status(ENXIO, "surface"));
  const off_t found = ::lseek(descriptor(fi), offset, whence);
  if (found < 0) return reply_status(req, errno_status("lseek"));
  fuse_reply_lseek(req, found);
}

}  // namespace vexfs::fs::handlers
