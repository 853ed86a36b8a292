// Mounts that a killed daemon left behind.
#ifndef VEXFS_FS_STALE_MOUNT_H_
#define VEXFS_FS_STALE_MOUNT_H_

#include <string>

#include "base/status.h"

namespace vexfs::fs {

// Detaches dead VexFS mounts (ENOTCONN) at exactly `mountpoint`, as often as there is one on top.
// EBUSY when a living VexFS is mounted there.
Status clear_stale_mounts(const std::string& mountpoint);

// Unmounts: umount2(2) as root, fusermount3 otherwise. `lazily` detaches what is still in use.
Status unmount(const std::string& mountpoint, bool lazily);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_STALE_MOUNT_H_
