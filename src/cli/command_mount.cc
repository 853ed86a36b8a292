// vexfs mount: parses -o and becomes the daemon; fs/daemon does the rest.
#include <sys/mount.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/tree/find_mount.h"
#include "fs/daemon/mount.h"
#include "fs/daemon/remount.h"
#include "fs/mount_flags.h"
#include "fs/mount_options.h"

namespace vexfs::cli {
namespace {

// What a user can do about the failures that a first mount meets.
const char* hint_for(int error) {
  switch (error) {
    case EIO:
      return " (is /dev/fuse there, and fusermount3 from the package fuse3?)";
    default:
      return "";
  }
}

// A store that was opened for reading stays so, because the daemon does not hear of a remount.
bool cannot_change_vectors(const fs::MountOptions& options, const std::string& mountpoint) {
  unsigned long flags = 0;
  fs::apply_mount_flags(options.flags, flags);
  if ((flags & MS_RDONLY) != 0) return false;
  const auto text = read_surface(mountpoint, "status");
  if (!text.ok()) return false;
  const auto status = nlohmann::json::parse(text.value(), nullptr, false);
  return status.is_object() && status.value("read_only", false);
}

int change_flags(const fs::MountOptions& options) {
  const std::string mountpoint = fs::resolve_mount_path(options.mountpoint);
  const Status status =
      mountpoint.empty() ? errno_status("the mountpoint") : fs::remount(mountpoint, options.flags);
  if (!status.ok()) return fail(options.mountpoint + ": " + status.what(), status.error());
  if (cannot_change_vectors(options, mountpoint)) {
    (void)fail(options.mountpoint +
               " was mounted with ro: vectors and texts stay as they are until it is unmounted");
  }
  return kExitOk;
}

}  // namespace

int run_mount(const MountArguments& arguments) {
  fs::MountOptions options;
  options.sloppy = arguments.sloppy;
  options.foreground = arguments.foreground;
  for (const std::string& list : arguments.options) {
    std::string bad;
    const Status status = fs::parse_mount_options(list, options, bad);
    if (!status.ok()) return fail("-o " + bad + ": " + status.what());
  }
  options.source = arguments.source;
  options.mountpoint = arguments.mountpoint.empty() ? arguments.source : arguments.mountpoint;
  if (arguments.fake) return kExitOk;
  if (options.remount) return change_flags(options);
  if (!options.of_remount.empty() && !options.sloppy) {
    return fail("-o " + options.of_remount + ": unknown option");
  }
  const Refusal refusal = fs::mount_and_serve(options);
  if (refusal.error == 0) return kExitOk;
  const std::string what = options.source + " on " + options.mountpoint + ": " + refusal.message;
  std::fprintf(stderr, "vexfs: %s: %s%s\n", what.c_str(), std::strerror(refusal.error),
               hint_for(refusal.error));
  return kExitError;
}

}  // namespace vexfs::cli
