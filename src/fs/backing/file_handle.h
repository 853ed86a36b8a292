// FileHandle: the identity of a file of the backing tree, across renames and remounts.
#ifndef VEXFS_FS_BACKING_FILE_HANDLE_H_
#define VEXFS_FS_BACKING_FILE_HANDLE_H_

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>

#include "base/status.h"
#include "tree/kernel_handle.h"

namespace vexfs::fs {

// It is the answer of name_to_handle_at(2). Where the daemon may not open by handle, or the backing
// filesystem has no handles, it is (device, inode, birth time) with the type kInodeNumberType.
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
// The same for a name in `directory`; a symlink is not followed. ENOENT.
Status handle_of(int directory, const char* name, FileHandle& handle, int& mount_id);

// Whether the handle holds this inode number, as those of ext4, xfs, btrfs and tmpfs do. Where a
// handle and attributes are read by name, one after the other, it shows whether they are of one
// inode.
bool holds_inode_number(const FileHandle& handle, uint64_t inode);

// Makes the handle (device, inode, birth time) of the file behind `fd`.
Status inode_number_handle_of(int fd, FileHandle& handle);

// Opens the file; `mount_fd` is any real descriptor on its filesystem. ESTALE when it is gone.
int open_handle(int mount_fd, const FileHandle& handle, int flags);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_FILE_HANDLE_H_
