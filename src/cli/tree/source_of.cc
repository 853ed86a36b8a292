// Finds stores by their reserved name, and mounts of a source by the kernel's list of mounts.
#include "cli/tree/source_of.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "cli/tree/paths.h"
#include "fs/backing/mountinfo.h"
#include "fs/surface/surface.h"

namespace vexfs::cli {

// In a mount the same name is the surface, which lies on FUSE.
bool has_store(const std::string& directory) {
  const std::string store = directory + "/" + std::string(fs::kSurfaceName);
  struct stat attributes;
  struct statfs filesystem;
  return ::lstat(store.c_str(), &attributes) == 0 && S_ISDIR(attributes.st_mode) &&
         ::statfs(store.c_str(), &filesystem) == 0 && filesystem.f_type != FUSE_SUPER_MAGIC;
}

std::optional<std::string> source_above(std::string path) {
  while (!has_store(path)) {
    if (path == "/") return std::nullopt;
    path = parent_of(path);
  }
  return path;
}

// Of several mounts the last one listed is the newest.
std::optional<std::string> mountpoint_of(const std::string& source) {
  std::optional<std::string> mountpoint;
  for (const fs::MountInfo& mount : fs::read_mountinfo()) {
    if (mount.type == "fuse.vexfs" && mount.source == source) mountpoint = mount.mountpoint;
  }
  return mountpoint;
}

}  // namespace vexfs::cli
