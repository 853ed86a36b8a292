// Members of JSON that came from elsewhere: a missing or mistyped one is a default, never a throw.
#ifndef VEXFS_CLI_TREE_JSON_FIELDS_H_
#define VEXFS_CLI_TREE_JSON_FIELDS_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace vexfs::cli {

using Json = nlohmann::json;

// null where `object` is no object or has no such member.
const Json& member(const Json& object, const char* name);

// An empty array where there is no such array.
const Json& array_in(const Json& object, const char* name);
uint64_t number_in(const Json& object, const char* name, uint64_t otherwise = 0);
double real_in(const Json& object, const char* name, double otherwise = 0);
std::string text_in(const Json& object, const char* name);
bool flag_in(const Json& object, const char* name, bool otherwise = false);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_JSON_FIELDS_H_
