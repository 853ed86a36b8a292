// vexfs: the command line.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "cli/commands.h"
#include "fs/mount_options.h"
#include "fs/version.h"

namespace vexfs::cli {
namespace {

// mount(8) calls us as `mount.fuse.vexfs SOURCE MOUNTPOINT [-sfnv] [-N ns] [-o list] [-t type]`.
int run_as_mount_helper(int argc, char** argv) {
  MountArguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const bool takes_value = word == "-o" || word == "-t" || word == "-N";
    if (takes_value && i + 1 == argc) return fail(std::string(word) + " needs a value");
    if (word == "-o") {
      arguments.options.emplace_back(argv[++i]);
    } else if (takes_value) {
      ++i;
    } else if (word.starts_with("-")) {
      continue;  // -s sloppy, -f fake, -n no mtab, -v verbose: nothing to do.
    } else if (arguments.source.empty()) {
      arguments.source = word;
    } else if (arguments.mountpoint.empty()) {
      arguments.mountpoint = word;
    } else {
      return fail("too many arguments: " + std::string(word));
    }
  }
  if (arguments.source.empty()) return fail("no source was given");
  return run_mount(arguments);
}

int run(int argc, char** argv) {
  CLI::App app{"VexFS: a filesystem that knows what its files mean"};
  app.set_version_flag("--version", std::string("vexfs ") + fs::kVersion);
  app.require_subcommand(1);
  int code = kExitOk;

  MountArguments mount;
  auto* mount_command = app.add_subcommand("mount", "Mount a directory, over itself or elsewhere");
  mount_command->add_option("source", mount.source, "The directory to mount")->required();
  mount_command->add_option("mountpoint", mount.mountpoint, "Where (default: over the source)");
  mount_command->add_flag("-f,--foreground", mount.foreground, "Stay in the foreground");
  mount_command->add_option("-o", mount.options, "Mount options, separated by commas")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  mount_command->footer(std::string("Options for -o:\n") + fs::kMountOptionsHelp);
  mount_command->callback([&] { code = run_mount(mount); });

  std::string mountpoint;
  bool lazily = false;
  auto* unmount_command = app.add_subcommand("unmount", "Unmount");
  unmount_command->add_option("mountpoint", mountpoint)->required();
  unmount_command->add_flag("-l,--lazy", lazily, "Detach now, finish when nothing uses it");
  unmount_command->callback([&] { code = run_unmount(mountpoint, lazily); });

  std::string path = ".";
  bool json = false;
  auto* status_command = app.add_subcommand("status", "What a mount does and uses");
  status_command->add_option("path", path, "Any path inside the mount (default: here)");
  status_command->add_flag("--json", json);
  status_command->callback([&] { code = run_status(path, json); });

  auto* inspect_command = app.add_subcommand("inspect", "Bounds, proved and measured");
  inspect_command->require_subcommand(1);
  inspect_command->add_subcommand("limits", "Every bound of the product")->callback([&] {
    code = run_inspect_limits();
  });
  auto* stack_command = inspect_command->add_subcommand("stack", "Stack of each operation");
  stack_command->add_option("path", path, "Any path inside a mount (default: here)");
  stack_command->add_flag("--json", json);
  stack_command->callback([&] { code = run_inspect_stack(path, json); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitError;
  }
  return code;
}

}  // namespace

int fail(const std::string& what, int error) {
  if (error == 0) {
    std::fprintf(stderr, "vexfs: %s\n", what.c_str());
  } else {
    std::fprintf(stderr, "vexfs: %s: %s\n", what.c_str(), std::strerror(error));
  }
  return kExitError;
}

}  // namespace vexfs::cli

int main(int argc, char** argv) {
  const char* slash = std::strrchr(argv[0], '/');
  const std::string_view name = slash == nullptr ? argv[0] : slash + 1;
  if (name.starts_with("mount.")) return vexfs::cli::run_as_mount_helper(argc, argv);
  return vexfs::cli::run(argc, argv);
}
