// Unmounting: what lies at a path, or one mount and no other.
#ifndef VEXFS_FS_BACKING_UNMOUNT_H_
#define VEXFS_FS_BACKING_UNMOUNT_H_

#include <cstdint>
#include <string>

#include "base/status.h"

namespace vexfs::fs {

// Unmounts what is on top at `mountpoint`, by umount2(2) as root, otherwise by fusermount3(1).
// `lazily` detaches a mount that is still in use.
Status unmount(const std::string& mountpoint, bool lazily);

// Detaches the mount with this id, wherever it was moved to. One that lies under another mount
// stays, because a mount takes along what is mounted on it; so does everything else at its path.
void unmount_by_id(uint64_t id);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_UNMOUNT_H_
