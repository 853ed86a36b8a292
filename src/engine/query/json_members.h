// Reads requests in JSON into a flat list of members: a request is one object whose members are
// scalars, lists of scalars, or objects of those.
#ifndef VEXFS_ENGINE_QUERY_JSON_MEMBERS_H_
#define VEXFS_ENGINE_QUERY_JSON_MEMBERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"

namespace vexfs::engine {

struct JsonMember {
  enum class Type : uint8_t { kNull, kBool, kInteger, kNumber, kWord, kList, kObject };

  std::string name;
  // Index of the member that is the object around this one; -1 for the request itself.
  int parent = -1;
  Type type = Type::kNull;
  bool truth = false;
  int64_t integer = 0;             // Of kInteger.
  double number = 0;               // Of kNumber and kInteger.
  std::string word;                // Of kWord; it has no zero bytes.
  std::vector<float> numbers;      // Of a kList of numbers.
  std::vector<std::string> words;  // Of a kList of words.
};

// Reads all members. EINVAL where the text is not one JSON object of this shape within the bounds
// of limits.h (kQueryBytesMax and those that follow it), or has a member twice. The work is linear
// in the text, and nesting is refused before it is followed. Never throws.
Result<std::vector<JsonMember>, Refusal> read_json_members(std::string_view text);

// Returns EINVAL with the sentence "<name> must be <what>".
Refusal refuse_member(const JsonMember& member, std::string_view what);

// Moves the text out of a member of type kWord; refuses other types as refuse_member() does.
Result<void, Refusal> take_word(JsonMember& member, std::string& word);

// Takes a distance of any metric: 1 - cosine may be a rounding error below 0, and the distance of
// inner products may be any number. Its size is bounded, so that it fits into a float.
Result<void, Refusal> take_distance(const JsonMember& member, float& distance);

// Takes a whole number from min to max. T must be able to hold max.
template <typename T>
Result<void, Refusal> take_count(const JsonMember& member, uint32_t min, uint32_t max, T& count) {
  if (member.type != JsonMember::Type::kInteger || member.integer < min || member.integer > max) {
    return refuse_member(
        member, "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  count = static_cast<T>(member.integer);
  return {};
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_JSON_MEMBERS_H_
