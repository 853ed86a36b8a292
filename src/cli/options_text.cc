// Options and help of index, sync and status.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/options.h"

namespace vexfs::cli {
namespace {

constexpr const char* kPathHelp = "Any path inside the tree (default: here)";

void add_index(CLI::App& app, int& code) {
  auto arguments = std::make_shared<IndexArguments>();
  auto* command = app.add_subcommand("index", "Make the files of a directory searchable");
  command->add_option("source", arguments->directory, "The directory, mounted or not")->required();
  command->add_flag("--watch", arguments->watch, "Stay, and follow what changes without the mount");
  command->add_flag("-q,--quiet", arguments->quiet, "Neither progress nor a summary");
  EmbedderArguments& embedder = arguments->embedder;
  auto* where = command
                    ->add_option("--embedder", embedder.where,
                                 "What makes vectors of texts: builtin, or the URL of a service "
                                 "that speaks OpenAI's protocol")
                    ->type_name("builtin|URL");
  command->add_option("--model", embedder.model, "The service's name of the model")->needs(where);
  command->add_option("--key-file", embedder.key_file, "A file whose first line is the key")
      ->needs(where);
  command->add_option("--dim", embedder.dim, "Dimension that its vectors must have")
      ->needs(where)
      ->check(CLI::Range(1U, limits::kDimMax));
  command->footer(
      "Files that .gitignore and .vexfsignore leave out are left out. What is done stays: after\n"
      "Ctrl-C the same command goes on. A mount indexes by itself what it was once asked for.\n"
      "Nothing leaves this machine, unless --embedder names a service. Another embedder makes all\n"
      "vectors anew; searches are answered by the former ones meanwhile.\n"
      "Exit: 0 all that can be read is indexed, 2 failed or interrupted.\n"
      "Example: vexfs index ~/Documents");
  command->callback([arguments, &code] { code = run_index(*arguments); });
}

void add_sync(CLI::App& app, int& code) {
  auto path = std::make_shared<std::string>(".");
  auto quiet = std::make_shared<bool>(false);
  auto* command = app.add_subcommand("sync", "Wait until all changes are indexed and on the disk");
  command->add_option("path", *path, kPathHelp);
  command->add_flag("-q,--quiet", *quiet, "No progress");
  command->callback([path, quiet, &code] { code = run_sync(*path, *quiet); });
}

void add_status(CLI::App& app, int& code) {
  auto arguments = std::make_shared<StatusArguments>();
  auto* command = app.add_subcommand("status", "What is indexed, what waits, what failed and why");
  command->add_option("path", arguments->path, kPathHelp);
  auto* json = command->add_flag("--json", arguments->json, "The report as it is");
  command->add_flag("--failed", arguments->failed, "All files that were not indexed, and why")
      ->excludes(json);
  command->callback([arguments, &code] { code = run_status(*arguments); });
}

}  // namespace

void add_text_options(CLI::App& app, int& code) {
  add_index(app, code);
  add_sync(app, code);
  add_status(app, code);
}

}  // namespace vexfs::cli
