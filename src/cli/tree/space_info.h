// SpaceInfo: a space as `control` describes it.
#ifndef VEXFS_CLI_TREE_SPACE_INFO_H_
#define VEXFS_CLI_TREE_SPACE_INFO_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/vector_space.h"
#include "cli/tree/json_fields.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

struct SpaceInfo {
  std::string name;
  SpaceParameters parameters;
  std::optional<uint64_t> vectors;  // Only root and the mount's owner get this number.
  std::string filler;
};

// Returns nothing where the JSON does not describe a space.
std::optional<SpaceInfo> parse_space(const Json& json);
// The space as a JSON object with the members that create_space takes.
std::string space_json(const SpaceInfo& space);

// Reads all spaces of the tree. Returns false and sets `problem` to a sentence on failure.
bool list_spaces(TreeClient& tree, std::vector<SpaceInfo>& spaces, std::string& problem);
// Finds the space of that name. Where there is none, `problem` says which spaces there are.
std::optional<SpaceInfo> find_space(TreeClient& tree, const std::string& name,
                                    std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_SPACE_INFO_H_
