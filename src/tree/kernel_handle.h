// KernelHandle: a file handle as name_to_handle_at(2) and open_by_handle_at(2) exchange it.
//
// ObjectKey (tree/object_key.h) and the mount's FileHandle (fs/backing/file_handle.h) are two
// encodings of it. All functions may run on any thread; none allocates.
#ifndef VEXFS_TREE_KERNEL_HANDLE_H_
#define VEXFS_TREE_KERNEL_HANDLE_H_

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/status.h"

namespace vexfs::tree {

// MAX_HANDLE_SZ. ext4's handles have 8 bytes, those of xfs and tmpfs 12, and those of btrfs 20.
inline constexpr uint32_t kHandleBytesMax = 128;

// FILEID_INVALID of the kernel's exportfs.h, which name_to_handle_at(2) never answers; every other
// type belongs to some filesystem. In both encodings it marks an inode number in a handle's place.
inline constexpr uint8_t kNoHandleType = 0xff;

// struct file_handle ends in a flexible array; this is one of the largest size.
struct KernelHandle {
  unsigned int handle_bytes = kHandleBytesMax;  // The room that there is, then what it takes.
  int handle_type;
  unsigned char data[kHandleBytesMax];

  struct file_handle* raw() {
    return reinterpret_cast<struct file_handle*>(this);
  }
};
static_assert(sizeof(KernelHandle) == 8 + kHandleBytesMax);

// The handle of `name` in `directory`, and the id of the mount that the file is on. A symlink is
// not followed; "" names `directory` itself (O_PATH will do). EOPNOTSUPP where the filesystem has
// no handles.
inline Status kernel_handle_of(int directory, const char* name, KernelHandle& handle,
                               int& mount_id) {
  const int flags = name[0] == '\0' ? AT_EMPTY_PATH : 0;
  handle.handle_bytes = kHandleBytesMax;
  if (::name_to_handle_at(directory, name, handle.raw(), &mount_id, flags) != 0) {
    return errno_status("name_to_handle_at");
  }
  return {};
}

// Opens the inode of a handle that is kept as its type and `bytes` bytes of `data`, at most
// kHandleBytesMax. `mount_fd` is any descriptor on its filesystem but an O_PATH one. -1 with errno:
// ESTALE when the inode is gone, EPERM without CAP_DAC_READ_SEARCH.
//
// open_by_handle_at(2) is called again on ENOMEM, which it answers for an inode that is just being
// freed: the kernel's iget_locked() finds nothing while another CPU takes the inode out of its
// hash, and filesystems report that as ENOMEM. A moment later the inode is there again, or the
// answer is ESTALE. The first calls follow at once, the later ones a millisecond apart, since that
// other CPU may have been preempted. A real lack of memory is thus reported 15 ms late.
inline int open_kernel_handle(int mount_fd, int type, const unsigned char* data, uint32_t bytes,
                              int flags) {
  constexpr int kAtOnce = 16;
  constexpr int kWaits = 15;
  KernelHandle handle;
  handle.handle_bytes = bytes;
  handle.handle_type = type;
  std::memcpy(handle.data, data, bytes);
  for (int tries = 1;; ++tries) {
    const int fd = ::open_by_handle_at(mount_fd, handle.raw(), flags | O_CLOEXEC);
    if (fd >= 0 || errno != ENOMEM || tries == kAtOnce + kWaits) return fd;
    if (tries >= kAtOnce) (void)::poll(nullptr, 0, 1);
  }
}

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_KERNEL_HANDLE_H_
