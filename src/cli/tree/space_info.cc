// Between the JSON of the protocol and the parameters of a space.
#include "cli/tree/space_info.h"

#include "base/limits.h"
#include "cli/tree/reply.h"
#include "engine/query/space_json.h"

namespace vexfs::cli {

std::optional<SpaceInfo> parse_space(const Json& json) {
  SpaceInfo space;
  space.name = text_in(json, "name");
  const uint64_t dim = number_in(json, "dim");
  const auto metric = metric_of(text_in(json, "metric"));
  const auto element = element_of(text_in(json, "storage"));
  if (space.name.empty() || dim == 0 || dim > limits::kDimMax || !metric || !element) {
    return std::nullopt;
  }
  space.parameters.dim = static_cast<uint32_t>(dim);
  space.parameters.metric = *metric;
  space.parameters.element = *element;
  space.parameters.m = static_cast<uint16_t>(number_in(json, "m"));
  space.parameters.ef_construction = static_cast<uint16_t>(number_in(json, "ef_construction"));
  space.parameters.ef_search = static_cast<uint16_t>(number_in(json, "ef_search"));
  if (member(json, "vectors").is_number_unsigned()) space.vectors = number_in(json, "vectors");
  space.filler = text_in(json, "filler");
  return space;
}

std::string space_json(const SpaceInfo& space) {
  std::string text;
  JsonWriter json(text);
  json.object().member("name", space.name);
  engine::append_space_parameters(space.parameters, json);
  json.end();
  return text;
}

bool list_spaces(TreeClient& tree, std::vector<SpaceInfo>& spaces, std::string& problem) {
  const Reply reply = reply_of(tree.control("{\"spaces\":true}"));
  if (!reply.ok()) {
    problem = reply.problem;
    return false;
  }
  for (const Json& json : array_in(reply.json, "spaces")) {
    if (auto space = parse_space(json)) spaces.push_back(std::move(*space));
  }
  return true;
}

std::optional<SpaceInfo> find_space(TreeClient& tree, const std::string& name,
                                    std::string& problem) {
  std::vector<SpaceInfo> spaces;
  if (!list_spaces(tree, spaces, problem)) return std::nullopt;
  problem = "there is no space named " + name;
  const char* separator = "; there are: ";
  for (const SpaceInfo& space : spaces) {
    if (space.name == name) return space;
    problem.append(separator).append(space.name);
    separator = ", ";
  }
  return std::nullopt;
}

}  // namespace vexfs::cli
