// Each member of a query has a reader of its own in one table.
#include "engine/query/query_json.h"

#include <chrono>
#include <utility>

#include "base/parse.h"
#include "engine/query/json_members.h"

namespace vexfs::engine {
namespace {

using Type = JsonMember::Type;

Result<void, Refusal> take_filled_word(JsonMember& member, std::string& word) {
  if (member.type != Type::kWord || member.word.empty()) {
    return refuse_member(member, "a text that is not empty");
  }
  return take_word(member, word);
}

Result<void, Refusal> take_vector(JsonMember& member, QueryRequest& request) {
  if (member.type != Type::kList || member.numbers.empty()) {
    return refuse_member(member, "a list of numbers");
  }
  request.vector = std::move(member.numbers);
  return {};
}

Result<void, Refusal> take_types(JsonMember& member, QueryRequest& request) {
  if (member.type == Type::kWord) {
    request.types.assign(1, std::move(member.word));
  } else if (member.type == Type::kList && member.numbers.empty()) {
    request.types = std::move(member.words);
  } else {
    return refuse_member(member, "the end of names, as \"md\", or a list of such");
  }
  for (const std::string& type : request.types) {
    const bool fits = !type.empty() && type.size() < limits::kNameBytesMax;
    if (!fits || type.front() == '.' || type.find('/') != std::string::npos) {
      return refuse_member(member, "the end of names without the dot, as \"md\"");
    }
  }
  return {};
}

Result<void, Refusal> take_after(const JsonMember& member, QueryRequest& request) {
  if (member.type == Type::kInteger) {
    request.after = member.integer;
    return {};
  }
  const auto date = member.type == Type::kWord ? parse_date(member.word) : Status(EINVAL, "date");
  if (!date.ok()) return refuse_member(member, "a date, as \"2026-01-31\", or seconds");
  request.after = date.value();
  return {};
}

Result<void, Refusal> take_truth(const JsonMember& member, bool& truth) {
  if (member.type != Type::kBool) return refuse_member(member, "true or false");
  truth = member.truth;
  return {};
}

Result<void, Refusal> take_mode(const JsonMember& member, QueryRequest& request) {
  const auto mode = parse_query_mode(member.type == Type::kWord ? member.word : "");
  if (!mode.ok()) return refuse_member(member, "hybrid, semantic or lexical");
  request.mode = mode.value();
  return {};
}

Result<void, Refusal> take_fusion(const JsonMember& member, QueryRequest& request) {
  const auto kind = parse_fusion(member.type == Type::kWord ? member.word : "");
  if (!kind.ok()) return refuse_member(member, "weighted or rrf");
  request.fusion.kind = kind.value();
  return {};
}

Result<void, Refusal> take_amount(const JsonMember& member, uint32_t max, float& amount) {
  const bool is_number = member.type == Type::kNumber || member.type == Type::kInteger;
  if (!is_number || !(member.number >= 0 && member.number <= max)) {
    return refuse_member(member, ("a number from 0 to " + std::to_string(max)).c_str());
  }
  amount = static_cast<float>(member.number);
  return {};
}

Result<void, Refusal> take_text_bytes(const JsonMember& member, QueryRequest& request) {
  constexpr uint32_t kMost = limits::kHitTextBytesMax;
  if (member.type != Type::kInteger || member.integer < 0 || member.integer > kMost) {
    return refuse_member(member, ("a whole number from 0 to " + std::to_string(kMost)).c_str());
  }
  request.text_bytes = static_cast<uint32_t>(member.integer);
  return {};
}

// What only a text has.
Result<void, Refusal> take_of_text(JsonMember& member, QueryRequest& request, bool& known) {
  const std::string_view name = member.name;
  constexpr uint32_t kWeightMax = limits::kFusionWeightMax;
  FusionOptions& fusion = request.fusion;
  if (name == "text") return take_filled_word(member, request.text);
  if (name == "mode") return take_mode(member, request);
  if (name == "fusion") return take_fusion(member, request);
  if (name == "semantic_weight") {
    return take_amount(member, kWeightMax, fusion.semantic_weight);
  }
  if (name == "path_weight") return take_amount(member, kWeightMax, fusion.path_weight);
  if (name == "recency") {
    return take_amount(member, limits::kRecencyDaysMax, fusion.recency_days);
  }
  if (name == "fold") return take_truth(member, request.fold_duplicates);
  if (name == "text_bytes") return take_text_bytes(member, request);
  known = false;
  return {};
}

Result<void, Refusal> take(JsonMember& member, QueryRequest& request) {
  const std::string_view name = member.name;
  if (name == "vector") return take_vector(member, request);
  if (name == "like") return take_filled_word(member, request.like);
  if (name == "space") return take_filled_word(member, request.space);
  if (name == "path") return take_filled_word(member, request.path);
  if (name == "type") return take_types(member, request);
  if (name == "after") return take_after(member, request);
  if (name == "k") return take_count(member, 1, limits::kHitsMax, request.k);
  if (name == "ef") return take_count(member, 1, limits::kEfMax, request.ef);
  if (name == "exact") return take_truth(member, request.exact);
  if (name == "dups") return take_distance(member, request.dups.emplace());
  bool known = true;
  VEXFS_CHECK_OK(take_of_text(member, request, known));
  if (!known) return Refusal(EINVAL, "unknown member " + member.name);
  return {};
}

Result<void, Refusal> check_together(const QueryRequest& request) {
  const int asked = (request.text.empty() ? 0 : 1) + (request.vector.empty() ? 0 : 1) +
                    (request.like.empty() ? 0 : 1) + (request.dups.has_value() ? 1 : 0);
  if (asked != 1) {
    return Refusal(EINVAL, asked == 0
                               ? "the request needs one of text, vector, like and dups"
                               : "the request has more than one of text, vector, like and dups");
  }
  const bool words = request.mode.has_value() && *request.mode != QueryMode::kSemantic;
  if (words && request.text.empty()) {
    return Refusal(EINVAL, "modes hybrid and lexical need a text");
  }
  return {};
}

}  // namespace

Query QueryRequest::query() const {
  Query query;
  query.text = text;
  query.mode = mode.value_or(QueryMode::kHybrid);
  query.fusion = fusion;
  query.fold_duplicates = fold_duplicates;
  query.text_bytes = text_bytes;
  query.vector = vector;
  query.like = like;
  query.space = space;
  query.path = path;
  query.types.assign(types.begin(), types.end());
  query.after = after;
  query.k = k;
  query.ef = ef;
  query.exact = exact;
  return query;
}

Result<QueryMode> parse_query_mode(std::string_view word) {
  if (word == "hybrid") return QueryMode::kHybrid;
  if (word == "semantic") return QueryMode::kSemantic;
  if (word == "lexical") return QueryMode::kLexical;
  return Status(EINVAL, "mode");
}

Result<FusionOptions::Kind> parse_fusion(std::string_view word) {
  if (word == "weighted") return FusionOptions::Kind::kWeightedSum;
  if (word == "rrf") return FusionOptions::Kind::kReciprocalRank;
  return Status(EINVAL, "fusion");
}

Result<QueryRequest, Refusal> parse_query_json(std::string_view text) {
  QueryRequest request;
  VEXFS_TRY(members, read_json_members(text));
  for (JsonMember& member : members) {
    if (member.parent >= 0 || member.type == Type::kObject) {
      return Refusal(EINVAL, "member " + member.name + " may not be in or have an object");
    }
    VEXFS_CHECK_OK(take(member, request));
  }
  VEXFS_CHECK_OK(check_together(request));
  return request;
}

Result<int64_t> parse_date(std::string_view text) {
  const bool has_time = text.size() == 20;
  if ((text.size() != 10 && !has_time) || text[4] != '-' || text[7] != '-') {
    return Status(EINVAL, "date");
  }
  VEXFS_TRY(year, parse_u64(text.substr(0, 4), 1, 9999));
  VEXFS_TRY(month, parse_u64(text.substr(5, 2), 1, 12));
  VEXFS_TRY(day, parse_u64(text.substr(8, 2), 1, 31));
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return Status(EINVAL, "date");
  const std::chrono::sys_seconds midnight = std::chrono::sys_days(date);
  const int64_t seconds = midnight.time_since_epoch().count();
  if (!has_time) return seconds;
  if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
    return Status(EINVAL, "time");
  }
  VEXFS_TRY(hour, parse_u64(text.substr(11, 2), 0, 23));
  VEXFS_TRY(minute, parse_u64(text.substr(14, 2), 0, 59));
  VEXFS_TRY(second, parse_u64(text.substr(17, 2), 0, 59));
  return seconds + static_cast<int64_t>(hour * 3600 + minute * 60 + second);
}

}  // namespace vexfs::engine
