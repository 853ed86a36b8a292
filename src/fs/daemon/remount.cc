// mount(2) with MS_REMOUNT. It replaces all flags, so the present ones are read from mountinfo.
#include "fs/daemon/remount.h"

#include <sys/mount.h>

#include <cerrno>

#include "fs/backing/mountinfo.h"
#include "fs/mount_flags.h"

namespace vexfs::fs {
namespace {

Status change(const std::string& mountpoint, std::string_view words, unsigned long how) {
  const auto mount = mount_at(mountpoint);
  if (!mount || !mount->type.starts_with("fuse")) return Status(EINVAL, "no VexFS is mounted here");
  unsigned long flags = 0;
  apply_mount_flags(mount->super_options, flags);
  const bool is_read_only = (flags & MS_RDONLY) != 0;
  apply_mount_flags(mount->options, flags);
  if (is_read_only) flags |= MS_RDONLY;
  apply_mount_flags(words, flags);
  if (::mount("none", mountpoint.c_str(), nullptr, flags | how, nullptr) != 0) {
    return errno_status("remount");
  }
  return {};
}

}  // namespace

Status remount(const std::string& mountpoint, std::string_view flags) {
  return change(mountpoint, flags, MS_REMOUNT);
}

Status change_flags_of_mount(const std::string& mountpoint, std::string_view flags) {
  return change(mountpoint, flags, MS_REMOUNT | MS_BIND);
}

}  // namespace vexfs::fs
