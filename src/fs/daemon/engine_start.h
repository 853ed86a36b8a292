// The start of a mount's engine, before the mount is made.
#ifndef VEXFS_FS_DAEMON_ENGINE_START_H_
#define VEXFS_FS_DAEMON_ENGINE_START_H_

#include <string>

#include "base/refusal.h"
#include "fs/mount_options.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

// Starts the engine of `fs` and waits until its store is open. While another process has the store,
// it waits for that one, says so on standard error, and gives up after options.store_wait_seconds:
// EBUSY. EINTR after a signal that ends the daemon. Every other failure leaves a mount without
// vectors: then the error is 0, and the message, where it is not empty, says what will not work.
//
// Threads: the process's main thread, with the signals of Service blocked.
Refusal start_engine(FileSystem& fs, const MountOptions& options, bool sees_all_changes,
                     bool source_is_read_only);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_ENGINE_START_H_
