// Mount options: the -o list, as mount(8) and people write it.
#ifndef VEXFS_FS_MOUNT_OPTIONS_H_
#define VEXFS_FS_MOUNT_OPTIONS_H_

#include <optional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/status.h"

namespace vexfs::fs {

struct MountOptions {
  std::string source;
  std::string mountpoint;  // May be the source itself.
  bool foreground = false;

  bool read_only = false;
  std::optional<bool> allow_other;  // Default: on for root, off otherwise.
  bool auto_unmount = false;
  std::string fsname;  // Default: the source.
  std::string subtype = "vexfs";
  // Flags that libfuse passes to the kernel (dev, suid, exec, atime and their opposites …),
  // comma-separated.
  std::string kernel;
  // Those that it does not know, for after the mount.
  std::string late_flags;

  // Change the flags of the mount that is up, to all of these in turn; nothing else is changed.
  bool remount = false;
  std::string flags;
  // An option that stands in the kernel's list of mounts, from which mount(8) completes a remount.
  // In any other place it is unknown.
  std::string of_remount;
  bool sloppy = false;  // Options that are not known are left out.

  // Seconds; default_timeouts() gives the defaults.
  std::optional<double> entry_timeout;
  std::optional<double> attribute_timeout;
  std::optional<double> negative_timeout;

  uint32_t threads = limits::kThreadsDefault;
  size_t thread_stack_bytes = limits::kThreadStackBytesDefault;
  uint32_t measure_stack_every = 64;
  uint32_t store_wait_seconds = 30;  // For a store that another process has.
  bool passthrough = true;
  bool remote_locks = false;
  bool quick_wakeups = true;
};

// Adds one -o list to `options`. On failure `bad` is the option that was not understood.
Status parse_mount_options(std::string_view list, MountOptions& options, std::string& bad);

// One line for each option, for --help and the documents.
extern const char kMountOptionsHelp[];

}  // namespace vexfs::fs

#endif  // VEXFS_FS_MOUNT_OPTIONS_H_
