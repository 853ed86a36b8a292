// Requests in JSON, flat: one object whose members are scalars, lists of scalars, or one more
// object.
#ifndef VEXFS_ENGINE_QUERY_JSON_MEMBERS_H_
#define VEXFS_ENGINE_QUERY_JSON_MEMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/query/query.h"

namespace vexfs::engine {

struct JsonMember {
  enum class Type : uint8_t { kNull, kBool, kInteger, kNumber, kWord, kList, kObject };

  std::string name;
  int parent = -1;  // Index of the member that is the object around it; -1: the request itself.
  Type type = Type::kNull;
  bool truth = false;
  int64_t integer = 0;             // kInteger only.
  double number = 0;               // kInteger too.
  std::string word;                // Without zero bytes.
  std::vector<float> numbers;      // A list is of numbers,
  std::vector<std::string> words;  // or of words.
};

// EINVAL, and a sentence in `error`, for what is not one JSON object of this shape within the
// bounds of limits.h (kQueryBytesMax and following), and for a member that is given twice. The work
// is linear in the text and its depth is bounded before it is reached. Never throws.
Status read_json_members(std::string_view text, std::vector<JsonMember>& members,
                         QueryError& error);

// EINVAL: "<name> must be <what>" in `error`.
Status refuse_member(const JsonMember& member, std::string_view what, QueryError& error);

// Moves out the text of a member that must be one; refuses others, as refuse_member() does.
Status take_word(JsonMember& member, std::string& word, QueryError& error);

// A distance of any metric: 1 - cosine may be a rounding error below 0, and the distance of inner
// products may be any number. Its size is bounded, so that it fits into a float.
Status take_distance(const JsonMember& member, float& distance, QueryError& error);

// A whole number from min to max; T holds max.
template <typename T>
Status take_count(const JsonMember& member, uint32_t min, uint32_t max, T& count,
                  QueryError& error) {
  if (member.type != JsonMember::Type::kInteger || member.integer < min || member.integer > max) {
    return refuse_member(
        member, "a whole number from " + std::to_string(min) + " to " + std::to_string(max), error);
  }
  count = static_cast<T>(member.integer);
  return {};
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_JSON_MEMBERS_H_
