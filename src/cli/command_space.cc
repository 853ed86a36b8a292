// vexfs space create|list|show|drop: the spaces of a tree, through control requests.
#include <cstdio>

#include "cli/commands.h"
#include "cli/tree/paths.h"
#include "cli/tree/reply.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {
namespace {

std::string shown_vectors(const SpaceInfo& space) {
  return space.vectors.has_value() ? std::to_string(*space.vectors) : "-";
}

std::string request_json(const SpaceInfo& space) {
  return "{\"create_space\":" + space_json(space) + "}";
}

}  // namespace

int run_space_create(const SpaceInfo& space, const std::string& path) {
  const OpenedTree tree = open_tree(path, NewStore::kYes);
  if (tree.client == nullptr) return fail(tree.problem);
  const Reply reply = reply_of(tree.client->control(request_json(space)));
  return reply.ok() ? kExitOk : fail(reply.problem);
}

int run_space_list(const std::string& path, bool json) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  if (json) {
    const Reply reply = reply_of(tree.client->control("{\"spaces\":true}"));
    if (!reply.ok()) return fail(reply.problem);
    std::fputs(reply.text.c_str(), stdout);
    return array_in(reply.json, "spaces").empty() ? kExitNone : kExitOk;
  }
  std::vector<SpaceInfo> spaces;
  std::string problem;
  if (!list_spaces(*tree.client, spaces, problem)) return fail(problem);
  if (spaces.empty()) return kExitNone;
  std::printf("%-20s %6s %-7s %-8s %10s\n", "space", "dim", "metric", "storage", "vectors");
  for (const SpaceInfo& space : spaces) {
    std::printf("%-20s %6u %-7s %-8s %10s\n", space.name.c_str(), space.parameters.dim,
                name_of(space.parameters.metric), name_of(space.parameters.element),
                shown_vectors(space).c_str());
  }
  return kExitOk;
}

int run_space_show(const std::string& name, const std::string& path, bool json) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  std::string problem;
  const auto space = find_space(*tree.client, name, problem);
  if (!space.has_value()) return fail(problem);
  if (json) {
    const Reply reply = reply_of(tree.client->control("{\"spaces\":true}"));
    for (const Json& each : array_in(reply.json, "spaces")) {
      if (text_in(each, "name") == name) std::printf("%s\n", each.dump().c_str());
    }
    return kExitOk;
  }
  const SpaceParameters& parameters = space->parameters;
  std::printf("%s\n", space->name.c_str());
  std::printf("  dim              %u\n", parameters.dim);
  std::printf("  metric           %s\n", name_of(parameters.metric));
  std::printf("  storage          %s\n", name_of(parameters.element));
  std::printf("  m                %u\n", parameters.m);
  std::printf("  ef_construction  %u\n", parameters.ef_construction);
  if (parameters.ef_search == 0) {
    std::printf("  ef_search        by the space's size\n");
  } else {
    std::printf("  ef_search        %u\n", parameters.ef_search);
  }
  std::printf("  vectors          %s\n", shown_vectors(*space).c_str());
  std::printf("  filled by        %s\n", space->filler.c_str());
  return kExitOk;
}

int run_space_drop(const std::string& name, const std::string& path) {
  const OpenedTree tree = open_tree(directory_of(path));
  if (tree.client == nullptr) return fail(tree.problem);
  std::string problem;
  if (!find_space(*tree.client, name, problem).has_value()) return fail(problem);
  const Reply reply = reply_of(tree.client->control(Json{{"drop_space", name}}.dump()));
  return reply.ok() ? kExitOk : fail(reply.problem);
}

}  // namespace vexfs::cli
