// Detection by statfs(2).
#include "fs/daemon/stale_mount.h"

#include <sys/vfs.h>

#include <cerrno>

#include "fs/backing/mountinfo.h"
#include "fs/backing/unmount.h"

namespace vexfs::fs {
namespace {

// More mounts on top of each other than anyone makes by hand. Each round asks the kernel again, so
// there must be a bound.
constexpr int kStackedMountsMax = 64;

bool is_vexfs(const MountInfo& mount) {
  return mount.type == "fuse.vexfs" || mount.type.starts_with("fuse.vexfs.");
}

}  // namespace

Status clear_stale_mounts(const std::string& mountpoint) {
  for (int round = 0; round < kStackedMountsMax; ++round) {
    const auto mount = mount_at(mountpoint);
    if (!mount || !is_vexfs(*mount)) return {};
    // Not stat(2), which the kernel may answer from what it cached of the dead mount.
    struct statfs info;
    if (::statfs(mountpoint.c_str(), &info) == 0)
      return Status(EBUSY, "a VexFS is mounted there already (vexfs unmount it first)");
    if (!tells_of_dead_daemon(errno)) return errno_status("statfs of the mountpoint");
    VEXFS_CHECK_OK(unmount(mountpoint, true));
  }
  return Status(EBUSY, "too many mounts on top of each other");
}

}  // namespace vexfs::fs
