// Mounting, from options to the end of the daemon.
#ifndef VEXFS_FS_DAEMON_MOUNT_H_
#define VEXFS_FS_DAEMON_MOUNT_H_

#include <string>

#include "base/status.h"
#include "fs/mount_options.h"

namespace vexfs::fs {

// Where `path` leads, also when a dead mount lies at its end. Empty when it leads
// nowhere.
std::string resolve_mount_path(const std::string& path);

// Mounts and serves until unmounted or told to end by a signal. A dead VexFS mount at the
// mountpoint is replaced. The paths of `options` may be relative. In the background unless
// options.foreground: then the caller's process returns once the mount works, or with the Status of
// the failure.
//
// Call before the process has made any thread.
Status mount_and_serve(MountOptions options);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_MOUNT_H_
