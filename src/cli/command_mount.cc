// vexfs mount
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "cli/commands.h"
#include "fs/mount.h"
#include "fs/mount_options.h"
#include "fs/stale_mount.h"

namespace vexfs::cli {
namespace {

// What a user can do about the failures that first mounts meet.
const char* hint_for(int error) {
  switch (error) {
    case EIO:
      return " (is /dev/fuse there, and fusermount3 from the package fuse3?)";
    case EBUSY:
      return " (vexfs unmount it first)";
    default:
      return "";
  }
}

}  // namespace

int run_mount(const MountArguments& arguments) {
  fs::MountOptions options;
  options.foreground = arguments.foreground;
  for (const std::string& list : arguments.options) {
    std::string bad;
    const Status status = fs::parse_mount_options(list, options, bad);
    if (!status.ok()) return fail("-o " + bad + ": " + status.what());
  }
  const std::string& mountpoint =
      arguments.mountpoint.empty() ? arguments.source : arguments.mountpoint;
  // The mountpoint first: a dead mount there may cover the source.
  options.mountpoint = fs::resolve_mount_path(mountpoint);
  if (options.mountpoint.empty()) return fail(mountpoint, errno);
  const Status cleared = fs::clear_stale_mounts(options.mountpoint);
  if (!cleared.ok()) return fail(mountpoint + ": " + cleared.what(), cleared.error());
  options.source = fs::resolve_mount_path(arguments.source);
  if (options.source.empty()) return fail(arguments.source, errno);
  const Status status = fs::mount_and_serve(options);
  if (status.ok()) return kExitOk;
  const std::string what = mountpoint + ": " + status.what();
  std::fprintf(stderr, "vexfs: %s: %s%s\n", what.c_str(), std::strerror(status.error()),
               hint_for(status.error()));
  return kExitError;
}

}  // namespace vexfs::cli
