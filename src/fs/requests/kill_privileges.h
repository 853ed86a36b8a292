// Clearing setuid and setgid, which FUSE_HANDLE_KILLPRIV_V2 makes the daemon's duty.
#ifndef VEXFS_FS_REQUESTS_KILL_PRIVILEGES_H_
#define VEXFS_FS_REQUESTS_KILL_PRIVILEGES_H_

#include "base/status.h"
#include "fs/backing/fuse_lowlevel.h"

namespace vexfs::fs {

// Clears what write(2), truncate(2) and chown(2) of an unprivileged caller clear: setuid always;
// setgid where the group may execute, and also where the caller is neither root nor a member of the
// file's group (setattr_should_drop_sgid in the kernel's fs/attr.c). `fd` may be O_PATH.
Status kill_privileges(int fd, const fuse_ctx& caller);

// Clears setgid alone, as a change of the ACL by a caller outside the group does.
Status clear_setgid(int fd);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_KILL_PRIVILEGES_H_
