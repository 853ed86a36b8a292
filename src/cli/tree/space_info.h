// SpaceInfo: a space as control tells of it.
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
  std::optional<uint64_t> vectors;  // Told to root and the mount's owner only.
  std::string filler;
};

// Nothing when it is no description of a space.
std::optional<SpaceInfo> parse_space(const Json& json);
// The members that create_space takes.
std::string space_json(const SpaceInfo& space);

// All spaces of the tree. False with a sentence on failure.
bool list_spaces(TreeClient& tree, std::vector<SpaceInfo>& spaces, std::string& problem);
// The one of that name; where there is none, `problem` says which there are.
std::optional<SpaceInfo> find_space(TreeClient& tree, const std::string& name,
                                    std::string& problem);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_SPACE_INFO_H_
