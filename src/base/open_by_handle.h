// open_by_handle_at(2), which fails with ENOMEM on an inode that is just being freed.
#ifndef VEXFS_BASE_OPEN_BY_HANDLE_H_
#define VEXFS_BASE_OPEN_BY_HANDLE_H_

#include <fcntl.h>
#include <poll.h>

#include <cerrno>

namespace vexfs {

// Calls open_by_handle_at(2) with O_CLOEXEC, and calls it again on ENOMEM. The kernel's
// iget_locked() finds nothing while another CPU takes the inode out of its hash, which filesystems
// report as ENOMEM; a moment later the inode is there again, or the answer is ESTALE. The first
// calls follow at once, the later ones a millisecond apart, since that other CPU may have been
// preempted. A real lack of memory is thus reported 15 ms late.
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
