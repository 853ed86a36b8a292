// vexfs search, vexfs similar, vexfs dups
#include <cstdio>

#include "base/limits.h"
#include "base/text_writer.h"
#include "cli/commands.h"
#include "cli/display.h"
#include "cli/input.h"
#include "cli/paths.h"
#include "cli/query_request.h"
#include "cli/reply.h"
#include "cli/tree_client.h"
#include "cli/vector_text.h"

namespace vexfs::cli {
namespace {

// Near enough to call two files the same in a cosine space: an edit, a thumbnail, another encoding.
constexpr double kDuplicateCosineDistance = 0.05;

int ask(const QueryRequest& request, const SearchArguments& arguments) {
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  const Reply reply = reply_of(tree.client->query(to_json(request)));
  if (!reply.ok()) return fail(reply.problem);
  const bool found = !array_in(reply.json, "hits").empty();
  if (arguments.json) {
    std::fputs(reply.text.c_str(), stdout);
  } else {
    const HitStyle style = arguments.names_only ? HitStyle::kNames : HitStyle::kScores;
    std::fputs(shown_hits(reply.json, arguments.directory, style, wants_colour()).c_str(), stdout);
    if (!flag_in(reply.json, "complete", true)) {
      std::fputs("vexfs: some files cannot be found yet\n", stderr);
    }
  }
  return found ? kExitOk : kExitNone;
}

QueryRequest request_of(const SearchArguments& arguments) {
  QueryRequest request;
  request.space = arguments.space;
  request.types = arguments.types;
  request.after = arguments.after;
  request.k = arguments.k;
  request.ef = arguments.ef;
  request.exact = arguments.exact;
  return request;
}

}  // namespace

int run_search(const SearchArguments& arguments) {
  const auto bytes = read_input(arguments.vector, limits::kVectorLineBytesMax);
  if (!bytes.ok()) return fail(arguments.vector, bytes.error());
  const auto vector = parse_vector(bytes.value());
  if (!vector.ok()) return fail(arguments.vector + ": " + vector.status().what());
  QueryRequest request = request_of(arguments);
  request.vector = vector.value();
  SearchArguments where = arguments;
  if (where.directory.empty()) where.directory = ".";
  return ask(request, where);
}

int run_similar(SearchArguments arguments) {
  const std::string file = real_path(arguments.like);
  if (file.empty()) return fail(arguments.like, errno);
  QueryRequest request = request_of(arguments);
  const bool chosen = !arguments.directory.empty();
  if (!chosen) arguments.directory = ".";
  const std::string directory = real_path(arguments.directory);
  if (directory.empty()) return fail(arguments.directory, errno);
  // From outside the tree, as from its parent, the current directory cannot be meant.
  if (chosen || lies_in_tree(arguments.directory)) request.like = path_below(directory, file);
  if (request.like.empty() && chosen) {
    return fail(arguments.like + " is not below " + arguments.directory);
  }
  if (request.like.empty()) {
    const size_t slash = arguments.like.rfind('/');
    arguments.directory = slash == std::string::npos ? "." : arguments.like.substr(0, slash + 1);
    request.like = path_below(real_path(arguments.directory), file);
    // The name is a link to somewhere else.
    if (request.like.empty()) return fail(arguments.like + ": name the file itself, not a link");
  }
  return ask(request, arguments);
}

int run_duplicates(const DuplicatesArguments& arguments) {
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  std::vector<SpaceInfo> spaces;
  std::string problem;
  if (!list_spaces(*tree.client, spaces, problem)) return fail(problem);
  const SpaceInfo* space = nullptr;
  for (const SpaceInfo& each : spaces) {
    if (each.name == arguments.space || (arguments.space.empty() && spaces.size() == 1)) {
      space = &each;
    }
  }
  if (space == nullptr && arguments.space.empty()) {
    return fail(spaces.empty() ? "there are no spaces" : "name a space with --space");
  }
  if (space == nullptr) {
    (void)find_space(*tree.client, arguments.space, problem);
    return fail(problem);
  }
  double distance = kDuplicateCosineDistance;
  if (arguments.distance.has_value()) {
    distance = *arguments.distance;
  } else if (space->parameters.metric != Metric::kCosine) {
    return fail(std::string("what is near in a space of metric ") +
                name_of(space->parameters.metric) + " you must say with --distance");
  }
  std::string request;
  TextWriter(request).text("{\"duplicates\":{\"space\":").json(space->name);
  TextWriter(request).text(",\"distance\":").fixed(distance, TextWriter::kDecimalsMax).text("}}");
  const Reply reply = reply_of(tree.client->control(request));
  if (!reply.ok()) return fail(reply.problem);
  if (arguments.json) {
    std::fputs(reply.text.c_str(), stdout);
  } else {
    std::fputs(shown_duplicates(reply.json, arguments.directory).c_str(), stdout);
    if (!flag_in(reply.json, "complete", true)) {
      std::fputs("vexfs: there are more than these\n", stderr);
    }
  }
  return array_in(reply.json, "duplicates").empty() ? kExitNone : kExitOk;
}

}  // namespace vexfs::cli
