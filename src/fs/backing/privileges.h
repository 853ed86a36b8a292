// What the daemon may do, and what it gives up.
#ifndef VEXFS_FS_BACKING_PRIVILEGES_H_
#define VEXFS_FS_BACKING_PRIVILEGES_H_

namespace vexfs::fs {

struct Privileges {
  bool open_by_handle = false;  // CAP_DAC_READ_SEARCH.
  bool passthrough = false;     // CAP_SYS_ADMIN.
  bool switch_ids = false;      // CAP_SETUID, CAP_SETGID, CAP_SETPCAP and CAP_CHOWN.
};

Privileges current_privileges();

// Before the request threads start, which inherit it:
// - raises RLIMIT_NOFILE to its hard limit, or further with CAP_SYS_RESOURCE;
// - with switch_ids, keeps capabilities when the filesystem uid changes (SECBIT_NO_SETUID_FIXUP);
// - drops CAP_SYS_RESOURCE, so that quotas and reserved blocks hold for the callers.
void settle_privileges(const Privileges& privileges);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_PRIVILEGES_H_
