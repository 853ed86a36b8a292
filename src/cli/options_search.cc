// Options and help of search, similar, dups and bench.
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.h"
#include "cli/options.h"

namespace vexfs::cli {
namespace {

constexpr const char* kExitHelp = "Exit: 0 with hits, 1 without, 2 failed.\n";

void add_hit_options(CLI::App& command, SearchArguments& arguments) {
  command.add_option("-k", arguments.k, "Hits at most (default: 10)")
      ->check(CLI::Range(1U, limits::kHitsMax));
  command.add_flag("-l", arguments.names_only, "Paths only");
  command.add_flag("-0,--null", arguments.zero_after_path, "A zero byte after each path");
  command.add_option("--space", arguments.space, "The space, where there are several");
  command.add_option("--type", arguments.types, "Only files of this suffix; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);  // The word after its one value is the query.
  command.add_option("--after", arguments.after, "Only files modified since, YYYY-MM-DD");
  command.add_option("--ef", arguments.ef, "HNSW: candidates of this search")
      ->check(CLI::Range(1U, limits::kEfMax));
  command.add_flag("--exact", arguments.exact, "Compare with every vector");
  command.add_flag("--json", arguments.json, "The reply as it is; paths start from PATH");
}

void add_search(CLI::App& app, int& code) {
  auto arguments = std::make_shared<SearchArguments>();
  auto* command = app.add_subcommand("search", "Files by what they say, or near a vector");
  command->add_option("query", arguments->query, "Words, in quotes where there are several");
  command->add_option("path", arguments->directory, "The directory to search (default: here)");
  command->add_option("-C,--context", arguments->context, "Lines of the passage around the best")
      ->check(CLI::Range(0U, limits::kHitTextBytesMax));
  command->add_option("--mode", arguments->mode,
                      "hybrid (default), semantic: by meaning alone, lexical: by words alone");
  command->add_flag("--no-fold", arguments->no_fold, "Files that say the same, each for itself");
  command->add_flag("--scores", arguments->scores, "The score first, and what it is made of");
  command->add_option(
      "--vector", arguments->vector,
      "Instead of words: a file with a vector, a JSON array or float32; - for stdin");
  add_hit_options(*command, *arguments);
  command->footer(
      std::string("Prints path:line: and the line of the passage that matches best. Qualifiers "
                  "may stand\namong the words: k:50 type:md after:2026-01-01 path:travel "
                  "mode:lexical; docs/query.md\nhas them all.\n") +
      kExitHelp +
      "Example: vexfs search \"how do I renew my passport\" ~/Documents\n"
      "         embed 'a dog on a beach' | vexfs search --vector - --space clip -k 5");
  command->callback([arguments, &code] { code = run_search(*arguments); });
}

void add_similar(CLI::App& app, int& code) {
  auto arguments = std::make_shared<SearchArguments>();
  auto* command = app.add_subcommand("similar", "Files like a file");
  command->add_option("file", arguments->like, "A file that is indexed, or has a vector")
      ->required();
  command->add_option("path", arguments->directory,
                      "The directory to search (default: here, or the file's)");
  add_hit_options(*command, *arguments);
  command->footer(std::string(kExitHelp) +
                  "Example: vexfs similar travel/passport.jpg -l | xargs -d '\\n' eog");
  command->callback([arguments, &code] { code = run_similar(*arguments); });
}

void add_duplicates(CLI::App& app, int& code) {
  auto arguments = std::make_shared<DuplicatesArguments>();
  auto* command = app.add_subcommand("dups", "Groups of files that are almost the same");
  command->add_option("path", arguments->directory, "The directory to look in (default: here)");
  command->add_option("--distance", arguments->distance,
                      "How far apart at most: 1 - cosine, squared L2 (default: 0.05 for cosine)");
  command->add_option("--space", arguments->space,
                      "The space (default: the only one that has vectors)");
  command->add_flag("--json", arguments->json, "The reply as it is; paths start from PATH");
  command->footer(std::string("Prints a path a line, and an empty line between groups.\n") +
                  kExitHelp + "Example: vexfs dups --distance 0.01 --space clip ~/Pictures");
  command->callback([arguments, &code] { code = run_duplicates(*arguments); });
}

void add_bench(CLI::App& app, int& code) {
  auto arguments = std::make_shared<BenchArguments>();
  auto* command = app.add_subcommand("bench", "Measure searches against a scan in the same run");
  command->add_option("path", arguments->directory,
                      "A tree whose spaces are searched (default: a temporary one)");
  command->add_option("--files", arguments->files, "Files of the temporary tree (default: 20000)")
      ->check(CLI::Range(100U, 1000000U));
  command->add_option("--dim", arguments->dim, "Its vectors' dimension (default: 128)")
      ->check(CLI::Range(1U, limits::kDimMax));
  command->add_option("--queries", arguments->queries, "Searches of each space (default: 500)")
      ->check(CLI::Range(1U, limits::kListedFilesMax));
  command->add_flag("--json", arguments->json, "Figures as JSON, an object a line");
  command->footer(
      "Recall: which part of the hits is as near as the true ones. Times are a client's, JSON\n"
      "included. The vectors of a temporary tree are synthetic clusters, which are easier than\n"
      "most real ones: measure your own tree to know.\n"
      "Example: vexfs bench ~/Pictures");
  command->callback([arguments, &code] { code = run_bench(*arguments); });
}

}  // namespace

void add_search_options(CLI::App& app, int& code) {
  add_search(app, code);
  add_similar(app, code);
  add_duplicates(app, code);
  add_bench(app, code);
}

}  // namespace vexfs::cli
