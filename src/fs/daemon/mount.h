// Mounting, from the options to the end of the daemon. fs/daemon is the daemon's life beside its
// requests: start-up and shutdown, the service thread (service.h), the clean-up of mounts that a
// killed daemon left (stale_mount.h), and the wake-up latency of CPUs (wakeups.h).
//
// Threads: the functions here run on the process's main thread, which becomes the service thread.
// The folder has no lock of its own.
#ifndef VEXFS_FS_DAEMON_MOUNT_H_
#define VEXFS_FS_DAEMON_MOUNT_H_

#include <string>

#include "base/refusal.h"
#include "fs/mount_options.h"

namespace vexfs::fs {

// The absolute path that `path` leads to, even when a dead mount lies at its end. Empty when it
// leads nowhere; then errno says why.
std::string resolve_mount_path(const std::string& path);

// Mounts and serves until the mount is unmounted or a signal ends it. A dead VexFS mount at the
// mountpoint is replaced. The paths of `options` may be relative. With options.foreground it
// returns when the mount has ended. Otherwise a child process serves, and it returns once the mount
// works, or with the failure; error 0 is success.
//
// It forks, so the process must not have made any thread before.
Refusal mount_and_serve(MountOptions options);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_MOUNT_H_
