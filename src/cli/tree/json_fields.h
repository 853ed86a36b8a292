// Reads members of JSON from outside. A member that is missing or has another type yields a
// default; nothing throws.
#ifndef VEXFS_CLI_TREE_JSON_FIELDS_H_
#define VEXFS_CLI_TREE_JSON_FIELDS_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace vexfs::cli {

using Json = nlohmann::json;

// The JSON null where `object` is no object or has no such member.
const Json& member(const Json& object, const char* name);

// These yield the default where the member is missing or has another type; for an array it is an
// empty one.
const Json& array_in(const Json& object, const char* name);
uint64_t number_in(const Json& object, const char* name, uint64_t otherwise = 0);
double real_in(const Json& object, const char* name, double otherwise = 0);
std::string text_in(const Json& object, const char* name);
bool flag_in(const Json& object, const char* name, bool otherwise = false);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_JSON_FIELDS_H_
