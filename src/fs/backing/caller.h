// The caller's identity on the calling thread, for requests that create files.
#ifndef VEXFS_FS_BACKING_CALLER_H_
#define VEXFS_FS_BACKING_CALLER_H_

#include <sys/types.h>

namespace vexfs::fs {

// Once per request thread: gives it a umask of its own (unshare(CLONE_FS)) and notes whether ids
// can be switched at all.
void prepare_caller_thread(bool switch_ids);

// From here on this thread creates files as (uid, gid) under `umask`. Lasts until the next call, so
// that requests of one user in a row cost nothing.
//
// The thread keeps its capabilities (SECBIT_NO_SETUID_FIXUP, see privileges.h): the kernel has
// already checked the caller against the parent directory (default_permissions), with all of the
// caller's groups, and has stripped setgid from the mode where POSIX says so. What is left for the
// backing filesystem is whose file, quota and reserved space it is. The umask goes to the backing
// filesystem because a default ACL overrides it, and only that filesystem knows.
void act_as(uid_t uid, gid_t gid, mode_t umask);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_CALLER_H_
