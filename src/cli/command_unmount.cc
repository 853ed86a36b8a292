// vexfs unmount
#include "cli/commands.h"
#include "fs/mount.h"
#include "fs/mountinfo.h"
#include "fs/stale_mount.h"

namespace vexfs::cli {

int run_unmount(const std::string& mountpoint, bool lazily) {
  const std::string path = fs::resolve_mount_path(mountpoint);
  if (path.empty()) return fail(mountpoint, errno);
  const auto mount = fs::mount_at(path);
  if (!mount || !mount->type.starts_with("fuse")) {
    return fail(mountpoint + ": no VexFS is mounted here");
  }
  const Status status = fs::unmount(path, lazily);
  return status.ok() ? kExitOk : fail(mountpoint + ": " + status.what(), status.error());
}

}  // namespace vexfs::cli
