// vexfs mount: parses -o and becomes the daemon; fs/daemon does the rest.
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "cli/commands.h"
#include "fs/daemon/mount.h"
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

}  // namespace

int run_mount(const MountArguments& arguments) {
  fs::MountOptions options;
  options.foreground = arguments.foreground;
  for (const std::string& list : arguments.options) {
    std::string bad;
    const Status status = fs::parse_mount_options(list, options, bad);
    if (!status.ok()) return fail("-o " + bad + ": " + status.what());
  }
  options.source = arguments.source;
  options.mountpoint = arguments.mountpoint.empty() ? arguments.source : arguments.mountpoint;
  const Refusal refusal = fs::mount_and_serve(options);
  if (refusal.error == 0) return kExitOk;
  const std::string what = options.source + " on " + options.mountpoint + ": " + refusal.message;
  std::fprintf(stderr, "vexfs: %s: %s%s\n", what.c_str(), std::strerror(refusal.error),
               hint_for(refusal.error));
  return kExitError;
}

}  // namespace vexfs::cli
