// Detection by stat(2), clean-up by umount2(2) or fusermount3(1).
#include "fs/daemon/stale_mount.h"

#include <spawn.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "fs/backing/mountinfo.h"

namespace vexfs::fs {
namespace {

// More mounts on top of each other than anyone makes by hand. Each round asks the kernel again, so
// there must be a bound.
constexpr int kStackedMountsMax = 64;

bool is_vexfs(const MountInfo& mount) {
  return mount.type == "fuse.vexfs" || mount.type.starts_with("fuse.vexfs.");
}

Status run_fusermount(const std::string& mountpoint, bool lazily) {
  const char* arguments[] = {"fusermount3", "-u", "-q", "--", mountpoint.c_str(), nullptr};
  const char* lazy_arguments[] = {"fusermount3",      "-u",   "-z", "-q", "--",
                                  mountpoint.c_str(), nullptr};
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, "fusermount3", nullptr, nullptr,
                     const_cast<char**>(lazily ? lazy_arguments : arguments), environ);
  if (failed != 0) return Status(failed, "fusermount3");
  int result = 0;
  while (::waitpid(child, &result, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(result) && WEXITSTATUS(result) == 0 ? Status() : Status(EBUSY, "fusermount3");
}

}  // namespace

Status unmount(const std::string& mountpoint, bool lazily) {
  if (::umount2(mountpoint.c_str(), UMOUNT_NOFOLLOW | (lazily ? MNT_DETACH : 0)) == 0) return {};
  if (errno != EPERM) return errno_status("umount");
  return run_fusermount(mountpoint, lazily);
}

Status clear_stale_mounts(const std::string& mountpoint) {
  for (int round = 0; round < kStackedMountsMax; ++round) {
    const auto mount = mount_at(mountpoint);
    if (!mount || !is_vexfs(*mount)) return {};
    // Not stat(2), which the kernel may answer from what it cached of the dead mount.
    struct statfs info;
    if (::statfs(mountpoint.c_str(), &info) == 0)
      return Status(EBUSY, "a VexFS is mounted there already");
    if (!tells_of_dead_daemon(errno)) return errno_status("statfs of the mountpoint");
    VEXFS_CHECK_OK(unmount(mountpoint, true));
  }
  return Status(EBUSY, "too many mounts on top of each other");
}

}  // namespace vexfs::fs
