// Changing the flags of a mount that is up.
#ifndef VEXFS_FS_DAEMON_REMOUNT_H_
#define VEXFS_FS_DAEMON_REMOUNT_H_

#include <string>
#include <string_view>

#include "base/status.h"

namespace vexfs::fs {

// Applies the words of `flags` (mount_flags.h), one after another, to those that the topmost mount
// at `mountpoint` has. Only root may do it. EBUSY when the flags make it read-only while a file is
// open for writing; EINVAL where no FUSE filesystem is mounted.
Status remount(const std::string& mountpoint, std::string_view flags);

// The same for flags of this mount alone, which are not those of the filesystem: access times.
Status change_flags_of_mount(const std::string& mountpoint, std::string_view flags);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_REMOUNT_H_
