// vexfs: the command line. CLI11 parses; each command's callback runs it and keeps its exit code.
// CLI11 throws on wrong arguments, here and nowhere deeper.
#include <CLI/CLI.hpp>
#include <cstring>
#include <string_view>

#include "cli/commands.h"
#include "cli/options.h"
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
      // -n (no mtab) and -v (verbose) change nothing here.
      arguments.sloppy = arguments.sloppy || word.find('s') != std::string_view::npos;
      arguments.fake = arguments.fake || word.find('f') != std::string_view::npos;
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
  add_mount_options(app, code);
  add_search_options(app, code);
  add_text_options(app, code);
  add_vector_options(app, code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitOk : kExitError;
  }
  return code;
}

}  // namespace

}  // namespace vexfs::cli

int main(int argc, char** argv) {
  const char* slash = std::strrchr(argv[0], '/');
  const std::string_view name = slash == nullptr ? argv[0] : slash + 1;
  if (name.starts_with("mount.")) return vexfs::cli::run_as_mount_helper(argc, argv);
  return vexfs::cli::run(argc, argv);
}
