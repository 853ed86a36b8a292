// open_by_handle_at(2), which says ENOMEM of an inode that is just being freed.
#ifndef VEXFS_BASE_OPEN_BY_HANDLE_H_
#define VEXFS_BASE_OPEN_BY_HANDLE_H_

#include <fcntl.h>
#include <poll.h>

#include <cerrno>

namespace vexfs {

// As open_by_handle_at(2) with O_CLOEXEC. The kernel's iget_locked() finds nothing while another
// CPU takes the inode out of its hash, which filesystems hand on as ENOMEM; a moment later it is
// there anew, or ESTALE. Asked again at once, and then for some milliseconds more, since that other
// CPU may have been taken away in the midst of it; a machine that has no memory is told from that
// 15 ms later.
inline int open_by_handle(int mount_fd, struct file_handle* handle, int flags) {
  constexpr int kAtOnce = 16;
  constexpr int kWaits = 15;
  for (int tries = 1;; ++tries) {
    const int fd = ::open_by_handle_at(mount_fd, handle, flags | O_CLOEXEC);
    if (fd >= 0 || errno != ENOMEM || tries == kAtOnce + kWaits) return fd;
    if (tries >= kAtOnce) (void)::poll(nullptr, 0, 1);
  }
}

}  // namespace vexfs

#endif  // VEXFS_BASE_OPEN_BY_HANDLE_H_
