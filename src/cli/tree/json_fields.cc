// Every access looks at the type first, since nlohmann's own accesses throw on another one.
#include "cli/tree/json_fields.h"

#include <nlohmann/json.hpp>

namespace vexfs::cli {

const Json& member(const Json& object, const char* name) {
  static const Json kNull;
  const auto at = object.find(name);
  return at == object.end() ? kNull : *at;
}

const Json& array_in(const Json& object, const char* name) {
  static const Json kNone = Json::array();
  const Json& value = member(object, name);
  return value.is_array() ? value : kNone;
}

uint64_t number_in(const Json& object, const char* name, uint64_t otherwise) {
  const Json& value = member(object, name);
  return value.is_number_unsigned() ? *value.get_ptr<const Json::number_unsigned_t*>() : otherwise;
}

double real_in(const Json& object, const char* name, double otherwise) {
  const Json& value = member(object, name);
  return value.is_number() ? value.get<double>() : otherwise;
}

std::string text_in(const Json& object, const char* name) {
  const Json& value = member(object, name);
  return value.is_string() ? *value.get_ptr<const Json::string_t*>() : std::string();
}

bool flag_in(const Json& object, const char* name, bool otherwise) {
  const Json& value = member(object, name);
  return value.is_boolean() ? *value.get_ptr<const Json::boolean_t*>() : otherwise;
}

}  // namespace vexfs::cli
