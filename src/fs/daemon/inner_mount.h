// Filesystems that lie inside the source of a mount that covers it.
#ifndef VEXFS_FS_DAEMON_INNER_MOUNT_H_
#define VEXFS_FS_DAEMON_INNER_MOUNT_H_

#include <optional>
#include <string>

#include "base/status.h"
#include "fs/backing/mountinfo.h"
#include "fs/daemon/daemon_end.h"

namespace vexfs::fs {

// The FUSE mount that covers the filesystem at `path`, so that no path leads to that one. Nothing
// where none is mounted there, or where it lies on top of the FUSE mount, or beside it.
std::optional<MountInfo> mount_over(const std::string& path);

// Unmounts the filesystem at `path`, which `cover` covers, through the directory that the daemon
// has open. Root alone may. A daemon that was just asked something lets go of it when it has been
// idle for a second, so EBUSY is taken for an answer after a few. ENOENT where the daemon's
// directory is not found.
Status unmount_inner(const Daemon& daemon, const MountInfo& cover, const std::string& path,
                     bool lazily);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_INNER_MOUNT_H_
