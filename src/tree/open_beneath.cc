// openat2(2), in as many steps as a long path needs.
#include "tree/open_beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>

#include "base/proc_path.h"

namespace vexfs::tree {
namespace {

Result<Fd> step(int directory, const char* path, int flags, MountPoints mount_points) {
  Fd fd = open_step(directory, path, flags, mount_points);
  if (!fd.valid()) return errno_status("openat2");
  return fd;
}

}  // namespace

Fd open_step(int directory, const char* path, int flags, MountPoints mount_points) {
  struct open_how how = {};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  if (mount_points == MountPoints::kRefused) how.resolve |= RESOLVE_NO_XDEV;
  return Fd(static_cast<int>(::syscall(SYS_openat2, directory, path, &how, sizeof(how))));
}

Result<Fd> open_beneath(int directory, const std::string& path, int flags,
                        MountPoints mount_points) {
  if (path.empty()) return step(directory, ".", flags, mount_points);
  Fd reached;
  size_t start = 0;
  while (path.size() - start >= PATH_MAX) {
    const size_t end = path.rfind('/', start + PATH_MAX - 1);
    if (end == std::string::npos || end <= start) return Status(ENAMETOOLONG, "a name in a path");
    VEXFS_TRY(next,
              step(reached.valid() ? reached.get() : directory,
                   path.substr(start, end - start).c_str(), O_PATH | O_DIRECTORY, mount_points));
    reached = std::move(next);
    start = end + 1;
  }
  return step(reached.valid() ? reached.get() : directory, path.c_str() + start, flags,
              mount_points);
}

Result<Fd> open_expected(Tree& tree, const std::string& path, const ObjectKey& expected,
                         int flags) {
  VEXFS_TRY(found, open_beneath(tree.root().get(), path, O_PATH | O_NOFOLLOW));
  VEXFS_TRY(key, tree.key_of(found.get()));
  if (!(key == expected)) return Status(ESTALE, "the path leads to another inode");
  if ((flags & O_PATH) != 0) return std::move(found);
  Fd fd(::open(ProcPath(found.get()).c_str(), (flags & ~O_NOFOLLOW) | O_CLOEXEC));
  if (!fd.valid()) return errno_status("open");
  return fd;
}

}  // namespace vexfs::tree
