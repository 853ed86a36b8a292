// Reading /proc/self/mountinfo.
#ifndef VEXFS_FS_BACKING_MOUNTINFO_H_
#define VEXFS_FS_BACKING_MOUNTINFO_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vexfs::fs {

struct MountInfo {
  uint64_t id = 0;         // Of the mount, while it lasts; the kernel uses numbers again.
  uint64_t parent = 0;     // The mount on which it lies.
  std::string mountpoint;  // With octal escapes resolved.
  std::string type;        // "fuse.vexfs"
  std::string source;
  std::string options;        // Of the mount: "rw,nosuid".
  std::string super_options;  // Of the filesystem: "ro,user_id=0".
};

// One line of proc(5)'s mountinfo; nothing when it is not of that form.
std::optional<MountInfo> parse_mountinfo_line(std::string_view line);

// All mounts of this namespace, in the order of the kernel: a later one covers an earlier one at
// the same place.
std::vector<MountInfo> read_mountinfo();

// The topmost mount at exactly `path`.
std::optional<MountInfo> mount_at(std::string_view path);

// The mount with this id, wherever it was moved to.
std::optional<MountInfo> mount_with_id(uint64_t id);

// The id of the mount that `fd` leads to, asking no filesystem; 0 where /proc does not say.
uint64_t mount_id_of(int fd);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_MOUNTINFO_H_
