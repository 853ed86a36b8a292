// Finds and removes mounts that a killed daemon left behind.
#ifndef VEXFS_FS_DAEMON_STALE_MOUNT_H_
#define VEXFS_FS_DAEMON_STALE_MOUNT_H_

#include <cerrno>
#include <string>

#include "base/status.h"

namespace vexfs::fs {

// Whether an errno says that the daemon behind a path is dead: ENOTCONN, or ECONNABORTED when it
// died during the very request.
inline bool tells_of_dead_daemon(int error) { return error == ENOTCONN || error == ECONNABORTED; }

// Detaches the dead VexFS mounts at exactly `mountpoint`, one after the other while one is on top.
// EBUSY when a living VexFS is mounted there.
Status clear_stale_mounts(const std::string& mountpoint);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_STALE_MOUNT_H_
