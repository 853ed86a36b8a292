// Options and help of mount, unmount, check and inspect. A command's arguments are shared with its
// callback, which CLI11 runs after all of them are parsed.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/options.h"
#include "fs/mount_options.h"

namespace vexfs::cli {
namespace {

void add_mount(CLI::App& app, int& code) {
  auto arguments = std::make_shared<MountArguments>();
  auto* command = app.add_subcommand("mount", "Mount a directory, over itself or elsewhere");
  command->add_option("source", arguments->source, "The directory to mount")->required();
  command->add_option("mountpoint", arguments->mountpoint, "Where (default: over the source)");
  command->add_flag("-f,--foreground", arguments->foreground, "Stay in the foreground");
  command->add_option("-o", arguments->options, "Mount options, separated by commas")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->footer(std::string("Options for -o:\n") + fs::kMountOptionsHelp);
  command->callback([arguments, &code] { code = run_mount(*arguments); });
}

void add_unmount(CLI::App& app, int& code) {
  auto arguments = std::make_shared<UnmountArguments>();
  auto* command = app.add_subcommand("unmount", "Unmount, and wait until the daemon is done");
  command->add_option("mountpoint", arguments->mountpoint)->required();
  command->add_flag("-l,--lazy", arguments->lazily, "Detach now, finish when nothing uses it");
  command->add_option("--wait", arguments->wait_seconds, "Seconds to wait for the daemon")
      ->capture_default_str()
      ->check(CLI::Range(0, 86400));
  command->footer("Exit: 0 the daemon has let go of the store; 2 not unmounted, or not yet done.");
  command->callback([arguments, &code] { code = run_unmount(*arguments); });
}

struct PathArguments {
  std::string path = ".";
  bool json = false;
  bool repair = false;
};

void add_check(CLI::App& app, int& code) {
  auto arguments = std::make_shared<PathArguments>();
  auto* command = app.add_subcommand("check", "Check the store of a source that is not mounted");
  command->add_option("source", arguments->path, "The source")->required();
  command->add_flag("--repair", arguments->repair, "Rebuild what is derived");
  command->footer("Exit: 0 nothing is wrong, or was after the repair; 1 something is; 2 failed.");
  command->callback([arguments, &code] { code = run_check(arguments->path, arguments->repair); });
}

void add_inspect(CLI::App& app, int& code) {
  auto arguments = std::make_shared<PathArguments>();
  auto* command = app.add_subcommand("inspect", "Bounds, the store, stacks");
  command->require_subcommand(1);
  command->add_subcommand("limits", "Every bound of the product")->callback([&code] {
    code = run_inspect_limits();
  });
  auto* stack = command->add_subcommand("stack", "Stack of each operation, proved and measured");
  stack->add_option("path", arguments->path, "Any path inside a mount (default: here)");
  stack->add_flag("--json", arguments->json, "The report as it is");
  stack->callback(
      [arguments, &code] { code = run_inspect_stack(arguments->path, arguments->json); });
  auto* store = command->add_subcommand("store", "The store's spaces, files and checkpoints");
  store->add_option("path", arguments->path, "Any path inside the tree (default: here)");
  store->add_flag("--json", arguments->json, "The report as it is");
  store->callback(
      [arguments, &code] { code = run_inspect_store(arguments->path, arguments->json); });
}

}  // namespace

void add_mount_options(CLI::App& app, int& code) {
  add_mount(app, code);
  add_unmount(app, code);
  add_check(app, code);
  add_inspect(app, code);
}

}  // namespace vexfs::cli
