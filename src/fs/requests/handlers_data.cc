// File data and space: read, write, fallocate, copy_file_range, lseek.
#include <fcntl.h>
#include <poll.h>
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

}  // namespace

void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi) {
  VEXFS_HANDLER(req, read);
  if (is_surface(NodeId{ino})) return fs.surface.read(req, NodeId{ino}, size, offset, *fi);
  const ReplyBuffer buffer = reply_buffer();
  const ssize_t bytes = ::pread(descriptor(fi), buffer.data, std::min(size, buffer.bytes), offset);
  if (bytes < 0) return reply_status(req, errno_status("pread"));
  fuse_reply_buf(req, buffer.data, static_cast<size_t>(bytes));
}

void on_write(fuse_req_t req, fuse_ino_t ino, const char* data, size_t size, off_t offset,
              fuse_file_info* fi) {
  VEXFS_HANDLER(req, write);
  if (is_surface(NodeId{ino})) return fs.surface.write(req, NodeId{ino}, {data, size}, *fi);
  const int fd = descriptor(fi);
  const ssize_t bytes = ::pwrite(fd, data, size, offset);
  if (bytes < 0) return reply_status(req, errno_status("pwrite"));
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
