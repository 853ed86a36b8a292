// vexfs dups: groups of files whose vectors are nearly the same.
#include <cstdio>

#include "base/json_writer.h"
#include "base/text_writer.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/printing/display.h"
#include "cli/tree/reply.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {
namespace {

// Near enough to call two files the same in a cosine space: an edit, a thumbnail, another encoding.
constexpr double kDuplicateCosineDistance = 0.05;

// The space of that name. Without a name it is the only space, or the only one that has vectors;
// null where that leaves a choice.
const SpaceInfo* choose(const std::vector<SpaceInfo>& spaces, const std::string& name) {
  const SpaceInfo* chosen = nullptr;
  for (const SpaceInfo& space : spaces) {
    if (!name.empty() && space.name == name) return &space;
    const bool counts = spaces.size() == 1 || space.vectors.value_or(1) != 0;
    if (!name.empty() || !counts) continue;
    if (chosen != nullptr) return nullptr;
    chosen = &space;
  }
  return chosen;
}

std::string no_space(const std::vector<SpaceInfo>& spaces, const std::string& name) {
  if (spaces.empty()) return "there are no vectors to compare; `vexfs index` makes those of texts";
  std::string problem = name.empty() ? "name a space with --space" : "there is no space " + name;
  const char* separator = "; there are: ";
  for (const SpaceInfo& space : spaces) {
    problem.append(separator).append(space.name);
    separator = ", ";
  }
  return problem;
}

}  // namespace

int run_duplicates(const DuplicatesArguments& arguments) {
  const OpenedTree tree = open_tree(arguments.directory);
  if (tree.client == nullptr) return fail(tree.problem);
  std::vector<SpaceInfo> spaces;
  std::string problem;
  if (!list_spaces(*tree.client, spaces, problem)) return fail(problem);
  const SpaceInfo* space = choose(spaces, arguments.space);
  if (space == nullptr) return fail(no_space(spaces, arguments.space));
  double distance = kDuplicateCosineDistance;
  if (arguments.distance.has_value()) {
    distance = *arguments.distance;
  } else if (space->parameters.metric != Metric::kCosine) {
    return fail(std::string("what is near in a space of metric ") +
                name_of(space->parameters.metric) + " you must say with --distance");
  }
  std::string request;
  JsonWriter json(request);
  json.object().key("duplicates").object().member("space", space->name);
  json.key("distance").fixed(distance, TextWriter::kDecimalsMax).end().end();
  const Reply reply = reply_of(tree.client->control(request));
  if (!reply.ok()) return fail(reply.problem);
  const bool found = !array_in(reply.json, "duplicates").empty();
  const int code =
      print(arguments.json ? reply.text : shown_duplicates(reply.json, arguments.directory),
            found ? kExitOk : kExitNone);
  if (!arguments.json && !flag_in(reply.json, "complete", true)) {
    std::fputs("vexfs: there are more than these\n", stderr);
  }
  return code;
}

}  // namespace vexfs::cli
