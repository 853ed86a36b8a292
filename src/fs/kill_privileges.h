// Clearing setuid and setgid, which FUSE_HANDLE_KILLPRIV_V2 makes the daemon's duty.
#ifndef VEXFS_FS_KILL_PRIVILEGES_H_
#define VEXFS_FS_KILL_PRIVILEGES_H_

#include <sys/stat.h>

#include "base/status.h"
#include "fs/proc_path.h"

namespace vexfs::fs {

// As write(2) and truncate(2) of an unprivileged caller do: setuid always, setgid where the group
// may execute (otherwise it means mandatory locking). `fd` may be O_PATH.
inline Status kill_privileges(int fd) {
  struct stat stat;
  if (::fstat(fd, &stat) != 0) return errno_status("fstat");
  if (!S_ISREG(stat.st_mode)) return {};
  mode_t mode = stat.st_mode & ~static_cast<mode_t>(S_ISUID);
  if ((mode & S_IXGRP) != 0) mode &= ~static_cast<mode_t>(S_ISGID);
  if (mode == stat.st_mode) return {};
  return ::chmod(ProcPath(fd).c_str(), mode & 07777) == 0 ? Status() : errno_status("chmod");
}

}  // namespace vexfs::fs

#endif  // VEXFS_FS_KILL_PRIVILEGES_H_
