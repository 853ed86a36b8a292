// The way in is /proc/PID/fd/N of the daemon, which leads to the source below the mount.
#include "fs/daemon/inner_mount.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mount.h>

#include <cerrno>
#include <utility>

#include "base/fd.h"
#include "fs/daemon/process_links.h"

namespace vexfs::fs {
namespace {

constexpr int kTries = 50;
constexpr int kTryAgainMilliseconds = 100;

// The link of the daemon's descriptor of the source; empty where there is none.
std::string source_of(pid_t pid, const MountInfo& cover) {
  return find_open_file("/proc/" + std::to_string(pid),
                        [&](const std::string& link, const std::string& target) {
                          if (target != cover.mountpoint) return false;
                          const Fd fd(::open(link.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
                          return fd.valid() && mount_id_of(fd.get()) != cover.id;
                        });
}

}  // namespace

std::optional<MountInfo> mount_over(const std::string& path) {
  const auto inner = mount_at(path);
  if (!inner) return std::nullopt;
  std::optional<MountInfo> cover;
  for (MountInfo& mount : read_mountinfo()) {
    const bool is_above = mount.type.starts_with("fuse.") && mount.id != inner->id &&
                          path.starts_with(mount.mountpoint + "/");
    if (is_above && (!cover || mount.mountpoint.size() > cover->mountpoint.size())) {
      cover = std::move(mount);
    }
  }
  // What is mounted on a directory of the FUSE mount is reached as ever.
  if (cover && inner->parent == cover->id) return std::nullopt;
  return cover;
}

Status unmount_inner(const Daemon& daemon, const MountInfo& cover, const std::string& path,
                     bool lazily) {
  const std::string source = source_of(daemon.pid, cover);
  if (source.empty()) return Status(ENOENT, "the daemon's directory was not found");
  const std::string way = source + path.substr(cover.mountpoint.size());
  const int flags = UMOUNT_NOFOLLOW | (lazily ? MNT_DETACH : 0);
  for (int tries = 0;; ++tries) {
    if (::umount2(way.c_str(), flags) == 0) return {};
    if (errno != EBUSY || tries == kTries) return errno_status("umount");
    (void)::poll(nullptr, 0, kTryAgainMilliseconds);
  }
}

}  // namespace vexfs::fs
