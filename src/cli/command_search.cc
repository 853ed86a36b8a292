// vexfs search: files by what they say, or near a vector; search_tree() is `similar`'s too.
#include <unistd.h>

#include <cstdio>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/index_wait.h"
#include "cli/output.h"
#include "cli/printing/display.h"
#include "cli/printing/hit_lines.h"
#include "cli/printing/terminal.h"
#include "cli/printing/text_progress.h"
#include "cli/search_request.h"
#include "cli/search_tree.h"
#include "cli/tree/reply.h"
#include "cli/tree/tree_client.h"
#include "cli/vectors/input.h"
#include "cli/vectors/vector_text.h"
#include "engine/query/query_json.h"

namespace vexfs::cli {
namespace {

HitLinesStyle style_of(const SearchArguments& arguments) {
  HitLinesStyle style;
  style.paths_only = arguments.names_only;
  style.scores = arguments.scores;
  style.zero_after_path = arguments.zero_after_path;
  style.colour = wants_colour();
  style.columns = terminal_columns(STDOUT_FILENO);
  style.context = arguments.context;
  return style;
}

std::string shown(const Reply& reply, const SearchArguments& arguments, std::string_view text) {
  if (arguments.json) return reply.text;
  if (text.empty() && !arguments.names_only) {
    return shown_hits(reply.json, arguments.directory, wants_colour());
  }
  return hit_lines(reply.json, text, arguments.directory, style_of(arguments));
}

// Says on stderr why results may lack some.
void tell_incomplete(TreeClient& tree, bool of_text) {
  TextProgress progress;
  std::string problem;
  if (of_text && ask_progress(tree, progress, problem) && progress.indexing) {
    std::fprintf(stderr, "vexfs: %s; results may lack some\n", progress_sentence(progress).c_str());
    if (!progress.trouble.empty()) std::fprintf(stderr, "vexfs: %s\n", progress.trouble.c_str());
  } else {
    std::fputs("vexfs: some files cannot be found yet\n", stderr);
  }
}

// Says on stderr why no passage was found by its meaning.
void tell_words_only(TreeClient& tree) {
  std::fputs("vexfs: the embedder cannot be asked; found by words alone\n", stderr);
  TextProgress progress;
  std::string problem;
  if (ask_progress(tree, progress, problem) && !progress.warning.empty()) {
    std::fprintf(stderr, "vexfs: %s\n", progress.warning.c_str());
  }
}

std::string not_indexed(const SearchArguments& arguments) {
  return arguments.directory + ": nothing is indexed here yet; `vexfs index " +
         arguments.directory + "` does it";
}

// Whether there is something to search. On a mount, indexing is begun if it never was; an unmounted
// tree is brought up to date first, for a few seconds at most.
bool ready_for_text(TreeClient& tree, const SearchArguments& arguments, std::string& problem) {
  bool indexed = false;
  if (!ask_indexed(tree, indexed, problem)) return false;
  if (!indexed && !tree.mounted()) {
    problem = not_indexed(arguments);
    return false;
  }
  if (indexed && tree.mounted()) return true;
  // A caller who may not begin indexing can ask what is indexed all the same.
  if (!reply_of(tree.control("{\"index\":true}")).ok()) return true;
  Progress progress(arguments.json, "files");
  TextProgress last;
  const IndexWait waited = wait_for_index(tree, progress, kIndexWaitMax, last, problem);
  progress.clear();
  return waited != IndexWait::kFailed;
}

int search_text(const SearchArguments& arguments) {
  engine::Query query;
  std::string problem;
  if (!search_request(arguments, query, problem)) return fail(problem);
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) {
    return fail(tree.never_had_store ? not_indexed(arguments) : tree.problem);
  }
  if (!ready_for_text(*tree.client, arguments, problem)) return fail(problem);
  return search_tree(*tree.client, query, arguments);
}

int search_vector(const SearchArguments& arguments) {
  const auto bytes = read_input(arguments.vector, limits::kVectorLineBytesMax);
  if (!bytes.ok()) return fail(arguments.vector, bytes.error());
  const auto vector = parse_vector(bytes.value());
  if (!vector.ok()) return fail(arguments.vector + ": " + vector.status().what());
  engine::Query query;
  std::string problem;
  if (!search_request(arguments, query, problem)) return fail(problem);
  query.vector = vector.value();
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  return search_tree(*tree.client, query, arguments);
}

}  // namespace

int search_tree(TreeClient& tree, const engine::Query& query, const SearchArguments& arguments) {
  const Reply reply = reply_of(tree.query(write_query_json(query)));
  if (!reply.ok()) return fail(reply.problem);
  const bool found = !array_in(reply.json, "hits").empty();
  const int code = print(shown(reply, arguments, query.text), found ? kExitOk : kExitNone);
  if (!arguments.json && flag_in(reply.json, "words_only")) {
    tell_words_only(tree);
  } else if (!arguments.json && !flag_in(reply.json, "complete", true)) {
    tell_incomplete(tree, !query.text.empty());
  }
  return code;
}

int run_search(SearchArguments arguments) {
  if (!arguments.vector.empty()) {
    // With a vector the only operand is a directory.
    if (!arguments.directory.empty()) return fail("a vector and a query exclude each other");
    arguments.directory = arguments.query;
    arguments.query.clear();
  }
  if (arguments.directory.empty()) arguments.directory = '.';
  if (!arguments.vector.empty()) return search_vector(arguments);
  if (arguments.query.empty())
    return fail("what is looked for? vexfs search \"some words\" [PATH]");
  return search_text(arguments);
}

}  // namespace vexfs::cli
