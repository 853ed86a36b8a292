// FileHandle: the identity of a file of the backing tree, across renames and remounts.
#ifndef VEXFS_FS_BACKING_FILE_HANDLE_H_
#define VEXFS_FS_BACKING_FILE_HANDLE_H_

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>

#include "base/status.h"
#include "tree/kernel_handle.h"

namespace vexfs::fs {

// Either what name_to_handle_at(2) gives, or, where the daemon may not open by handle or the
// backing filesystem has none, (device, inode, birth time): type kInodeNumberType.
struct FileHandle {
  static constexpr uint8_t kInodeNumberType = tree::kNoHandleType;

  uint8_t type = 0;
  uint8_t mount = 0;  // Index in the MountTable: a handle is unique within its filesystem only.
  uint16_t bytes = 0;
  unsigned char data[tree::kHandleBytesMax];

  bool operator==(const FileHandle& other) const;
};

uint64_t hash(const FileHandle& handle);

// The handle of the file behind `fd` (O_PATH will do) and the id of the mount it is on.
// EOPNOTSUPP where the filesystem has no handles. `mount` is left for the caller to fill.
Status handle_of(int fd, FileHandle& handle, int& mount_id);
// Of the file with this name, which is not followed. ENOENT.
Status handle_of(int directory, const char* name, FileHandle& handle, int& mount_id);

// Whether the handle holds this inode number, as ext4's, xfs's, btrfs's and tmpfs's do. It tells
// whether a handle and attributes that were asked for one after another, by name, are of one inode.
bool holds_inode_number(const FileHandle& handle, uint64_t inode);

// (device, inode, birth time) of the file behind `fd`.
Status inode_number_handle_of(int fd, FileHandle& handle);

// Opens the file; `mount_fd` is any real descriptor on its filesystem. ESTALE when it is gone.
int open_handle(int mount_fd, const FileHandle& handle, int flags);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_FILE_HANDLE_H_
