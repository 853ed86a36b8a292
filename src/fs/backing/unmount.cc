// umount2(2), or fusermount3(1) where that is root's alone.
#include "fs/backing/unmount.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/fd.h"
#include "base/proc_path.h"
#include "fs/backing/mountinfo.h"

namespace vexfs::fs {
namespace {

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

void unmount_by_id(uint64_t id) {
  const auto mount = mount_with_id(id);
  if (!mount) return;
  Fd top(::open(mount->mountpoint.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!top.valid() || mount_id_of(top.get()) != id) return;
  // The descriptor's path leads to this very mount, even when another one comes over it meanwhile.
  if (::umount2(ProcPath(top.get()).c_str(), MNT_DETACH) == 0 || errno != EPERM) return;
  top.reset();
  (void)run_fusermount(mount->mountpoint, true);
}

}  // namespace vexfs::fs
