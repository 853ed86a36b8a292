// Mounts that a killed daemon left behind.
#ifndef VEXFS_FS_DAEMON_STALE_MOUNT_H_
#define VEXFS_FS_DAEMON_STALE_MOUNT_H_

#include <cerrno>
#include <string>

#include "base/status.h"

namespace vexfs::fs {

// Whether an errno says that the daemon behind a path is dead: ENOTCONN, and ECONNABORTED when it
// died while the very request was on its way.
inline bool tells_of_dead_daemon(int error) { return error == ENOTCONN || error == ECONNABORTED; }

// Detaches dead VexFS mounts at exactly `mountpoint`, as often as there is one on top.
// EBUSY when a living VexFS is mounted there.
Status clear_stale_mounts(const std::string& mountpoint);

// Unmounts: umount2(2) as root, fusermount3 otherwise. `lazily` detaches what is still in use.
Status unmount(const std::string& mountpoint, bool lazily);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_STALE_MOUNT_H_
