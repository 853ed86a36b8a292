// The work is done by nlohmann-json's event parser, which keeps no tree and does not recurse: a
// request of any nesting costs no stack.
#include "engine/query/json_members.h"

#include <cerrno>
#include <cmath>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

using Json = nlohmann::json;
using Type = JsonMember::Type;

// Takes the events of the parser, by the names that the parser asks for. A method that returns
// false stops it.
class Reader {
 public:
  explicit Reader(std::vector<JsonMember>& members) : members_(members) {}

  // Why the reader stopped the parser; empty if it did not.
  const std::string& problem() const { return problem_; }

  bool null() {
    return scalar(Type::kNull, [](JsonMember&) {});
  }
  bool boolean(bool truth) {
    return scalar(Type::kBool, [&](JsonMember& member) { member.truth = truth; });
  }
  bool number_integer(int64_t integer) { return take_integer(integer); }
  bool number_unsigned(uint64_t integer) {
    if (integer > INT64_MAX) return number_float(static_cast<double>(integer), {});
    return take_integer(static_cast<int64_t>(integer));
  }
  bool number_float(double number, const std::string&) {
    if (in_list_) return list_number(number);
    return scalar(Type::kNumber, [&](JsonMember& member) { member.number = number; });
  }
  bool string(std::string& word) {
    if (word.size() > limits::kQueryWordBytesMax) return fail(name() + " is too long");
    if (word.find('\0') != std::string::npos) return fail(name() + " has a zero byte");
    if (in_list_) return list_word(word);
    return scalar(Type::kWord, [&](JsonMember& member) { member.word = std::move(word); });
  }
  bool binary(Json::binary_t&) { return fail("JSON has no binary values"); }

  bool start_object(size_t) {
    if (depth_ == 0) return ++depth_ == 1;
    if (depth_ > 1 || in_list_) return fail("the request is nested too deeply");
    members_.back().type = Type::kObject;
    parent_ = static_cast<int>(members_.size()) - 1;
    return ++depth_ == 2;
  }
  bool end_object() {
    --depth_;
    parent_ = -1;
    return true;
  }
  bool key(std::string& name) {
    if (members_.size() >= limits::kQueryMembersMax)
      return fail("the request has too many members");
    if (name.size() > limits::kNameBytesMax) return fail("a member's name is too long");
    for (const JsonMember& member : members_) {
      if (member.parent == parent_ && member.name == name) {
        return fail("member " + name + " is given twice");
      }
    }
    JsonMember& member = members_.emplace_back();
    member.name = std::move(name);
    member.parent = parent_;
    return true;
  }
  bool start_array(size_t) {
    if (depth_ == 0) return fail("the request is not a JSON object");
    if (in_list_) return fail("the request is nested too deeply");
    members_.back().type = Type::kList;
    return in_list_ = true;
  }
  bool end_array() {
    in_list_ = false;
    return true;
  }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) {
    return fail("the request is not JSON: wrong at byte " + std::to_string(position));
  }

 private:
  bool fail(std::string message) {
    problem_ = std::move(message);
    return false;
  }
  std::string name() const { return members_.empty() ? "the request" : members_.back().name; }

  template <typename Set>
  bool scalar(Type type, Set set) {
    if (depth_ == 0) return fail("the request is not a JSON object");
    if (in_list_) return fail("list " + name() + " must be of numbers or of words");
    members_.back().type = type;
    set(members_.back());
    return true;
  }
  bool take_integer(int64_t integer) {
    if (in_list_) return list_number(static_cast<double>(integer));
    return scalar(Type::kInteger, [&](JsonMember& member) {
      member.integer = integer;
      member.number = static_cast<double>(integer);
    });
  }
  bool list_number(double number) {
    JsonMember& member = members_.back();
    if (!member.words.empty()) return fail("list " + name() + " must be of numbers or of words");
    if (member.numbers.size() >= limits::kDimMax) {
      return fail("list " + name() + " has more than " + std::to_string(limits::kDimMax) +
                  " numbers");
    }
    // Half a step above the largest float, where rounding leaves the finite ones: the shortest text
    // of the largest float is a little larger than it.
    constexpr double kLimit = 0x1.ffffffp127;
    if (!(std::abs(number) < kLimit)) {
      return fail("list " + name() + " has a number that is too large");
    }
    member.numbers.push_back(static_cast<float>(number));
    return true;
  }
  bool list_word(std::string& word) {
    JsonMember& member = members_.back();
    if (!member.numbers.empty()) return fail("list " + name() + " must be of numbers or of words");
    if (member.words.size() >= limits::kQueryTypesMax) {
      return fail("list " + name() + " has more than " + std::to_string(limits::kQueryTypesMax) +
                  " words");
    }
    member.words.push_back(std::move(word));
    return true;
  }

  std::vector<JsonMember>& members_;
  std::string problem_;
  int depth_ = 0;
  int parent_ = -1;
  bool in_list_ = false;
};

}  // namespace

Result<std::vector<JsonMember>, Refusal> read_json_members(std::string_view text) {
  if (text.size() > limits::kQueryBytesMax) {
    return Refusal(
        EINVAL, "the request has more than " + std::to_string(limits::kQueryBytesMax) + " bytes");
  }
  std::vector<JsonMember> members;
  Reader reader(members);
  try {
    if (Json::sax_parse(text, &reader)) return members;
  } catch (const std::exception&) {  // The library threw, or memory is short.
    return Refusal(ENOMEM, "no memory for the request");
  }
  const std::string& problem = reader.problem();
  return Refusal(EINVAL, problem.empty() ? "the request is not JSON" : problem);
}

Refusal refuse_member(const JsonMember& member, std::string_view what) {
  return Refusal(EINVAL, (member.name + " must be ").append(what));
}

Result<void, Refusal> take_word(JsonMember& member, std::string& word) {
  if (member.type != Type::kWord) return refuse_member(member, "a text");
  word = std::move(member.word);
  return {};
}

Result<void, Refusal> take_distance(const JsonMember& member, float& distance) {
  const bool is_number = member.type == Type::kNumber || member.type == Type::kInteger;
  if (!is_number || !(std::abs(member.number) < 1e30)) return refuse_member(member, "a distance");
  distance = static_cast<float>(member.number);
  // What rounds up to the bound would not be taken if it were written and read again.
  if (std::abs(distance) >= 1e30F) return refuse_member(member, "a distance");
  return {};
}

}  // namespace vexfs::engine
