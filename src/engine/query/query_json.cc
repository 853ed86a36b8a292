// kMembers has one row for each member of a query, with its reader and its writer. A new member is
// a row there.
#include "engine/query/query_json.h"

#include <array>
#include <utility>

#include "base/json_writer.h"
#include "engine/query/date.h"
#include "engine/query/json_members.h"

namespace vexfs::engine {
namespace {

using Type = JsonMember::Type;
using Checked = Result<void, Refusal>;

constexpr std::array kModes = {std::pair{QueryMode::kHybrid, "hybrid"},
                               std::pair{QueryMode::kSemantic, "semantic"},
                               std::pair{QueryMode::kLexical, "lexical"}};
constexpr std::array kFusions = {std::pair{FusionOptions::Kind::kWeightedSum, "weighted"},
                                 std::pair{FusionOptions::Kind::kReciprocalRank, "rrf"}};

// Requires that the table names the value.
template <typename Table, typename Value>
const char* word_of(const Table& table, Value value) {
  for (const auto& [named, word] : table) {
    if (named == value) return word;
  }
  return "";
}

// --- Readers and writers by the type of a field. A writer leaves out what is as by default.

template <auto kField>
Checked read_word(JsonMember& member, Query& query) {
  if (member.type != Type::kWord || member.word.empty()) {
    return refuse_member(member, "a text that is not empty");
  }
  return take_word(member, query.*kField);
}

template <auto kField>
void write_word(const Query& query, const char* name, JsonWriter& json) {
  if (!(query.*kField).empty()) json.member(name, query.*kField);
}

template <auto kField>
Checked read_truth(JsonMember& member, Query& query) {
  if (member.type != Type::kBool) return refuse_member(member, "true or false");
  query.*kField = member.truth;
  return {};
}

template <auto kField, uint32_t kMin, uint32_t kMax>
Checked read_count(JsonMember& member, Query& query) {
  return take_count(member, kMin, kMax, query.*kField);
}

template <auto kField>
void write_plain(const Query& query, const char* name, JsonWriter& json) {
  if (query.*kField != Query().*kField) json.member(name, query.*kField);
}

template <auto kField, uint32_t kMax>
Checked read_fusion_number(JsonMember& member, Query& query) {
  const bool is_number = member.type == Type::kNumber || member.type == Type::kInteger;
  if (!is_number || !(member.number >= 0 && member.number <= kMax)) {
    return refuse_member(member, "a number from 0 to " + std::to_string(kMax));
  }
  query.fusion.*kField = static_cast<float>(member.number);
  return {};
}

template <auto kField>
void write_fusion_number(const Query& query, const char* name, JsonWriter& json) {
  if (query.fusion.*kField != FusionOptions().*kField) json.member(name, query.fusion.*kField);
}

// --- Readers and writers of single members.

// A client sees how many hits it asks for, so k is always written.
void write_k(const Query& query, const char* name, JsonWriter& json) { json.member(name, query.k); }

Checked read_mode(JsonMember& member, Query& query) {
  const auto mode = parse_query_mode(member.type == Type::kWord ? member.word : "");
  if (!mode.ok()) return refuse_member(member, "hybrid, semantic or lexical");
  query.mode = mode.value();
  return {};
}

void write_mode(const Query& query, const char* name, JsonWriter& json) {
  if (query.mode.has_value()) json.member(name, word_of(kModes, *query.mode));
}

Checked read_fusion(JsonMember& member, Query& query) {
  const auto kind = parse_fusion(member.type == Type::kWord ? member.word : "");
  if (!kind.ok()) return refuse_member(member, "weighted or rrf");
  query.fusion.kind = kind.value();
  return {};
}

void write_fusion(const Query& query, const char* name, JsonWriter& json) {
  if (query.fusion.kind == FusionOptions().kind) return;
  json.member(name, word_of(kFusions, query.fusion.kind));
}

Checked read_vector(JsonMember& member, Query& query) {
  if (member.type != Type::kList || member.numbers.empty()) {
    return refuse_member(member, "a list of numbers");
  }
  query.vector = std::move(member.numbers);
  return {};
}

void write_vector(const Query& query, const char* name, JsonWriter& json) {
  if (query.vector.empty()) return;
  json.key(name).array();
  for (const float number : query.vector) json.value(number);
  json.end();
}

Checked read_types(JsonMember& member, Query& query) {
  if (member.type == Type::kWord) {
    query.types.assign(1, std::move(member.word));
  } else if (member.type == Type::kList && member.numbers.empty()) {
    query.types = std::move(member.words);
  } else {
    return refuse_member(member, "the end of names, as \"md\", or a list of such");
  }
  for (const std::string& type : query.types) {
    const bool fits = !type.empty() && type.size() < limits::kNameBytesMax;
    if (!fits || type.front() == '.' || type.find('/') != std::string::npos) {
      return refuse_member(member, "the end of names without the dot, as \"md\"");
    }
  }
  return {};
}

void write_types(const Query& query, const char* name, JsonWriter& json) {
  if (query.types.empty()) return;
  json.key(name).array();
  for (const std::string& type : query.types) json.value(type);
  json.end();
}

Checked read_after(JsonMember& member, Query& query) {
  if (member.type == Type::kInteger) {
    query.after = member.integer;
    return {};
  }
  const auto date = member.type == Type::kWord ? parse_date(member.word) : Status(EINVAL, "date");
  if (!date.ok()) return refuse_member(member, "a date, as \"2026-01-31\", or seconds");
  query.after = date.value();
  return {};
}

Checked read_dups(JsonMember& member, Query& query) {
  return take_distance(member, query.dups.emplace());
}

void write_dups(const Query& query, const char* name, JsonWriter& json) {
  if (query.dups.has_value()) json.member(name, *query.dups);
}

// --- The table. Members are written in this order.

struct QueryMember {
  const char* name;
  Checked (*read)(JsonMember& member, Query& query);
  void (*write)(const Query& query, const char* name, JsonWriter& json);
};

constexpr uint32_t kWeightMax = limits::kFusionWeightMax;

constexpr QueryMember kMembers[] = {
    {"k", read_count<&Query::k, 1, limits::kHitsMax>, write_k},
    {"text", read_word<&Query::text>, write_word<&Query::text>},
    {"mode", read_mode, write_mode},
    {"fusion", read_fusion, write_fusion},
    {"semantic_weight", read_fusion_number<&FusionOptions::semantic_weight, kWeightMax>,
     write_fusion_number<&FusionOptions::semantic_weight>},
    {"path_weight", read_fusion_number<&FusionOptions::path_weight, kWeightMax>,
     write_fusion_number<&FusionOptions::path_weight>},
    {"recency", read_fusion_number<&FusionOptions::recency_days, limits::kRecencyDaysMax>,
     write_fusion_number<&FusionOptions::recency_days>},
    {"fold", read_truth<&Query::fold_duplicates>, write_plain<&Query::fold_duplicates>},
    {"text_bytes", read_count<&Query::text_bytes, 0, limits::kHitTextBytesMax>,
     write_plain<&Query::text_bytes>},
    {"vector", read_vector, write_vector},
    {"like", read_word<&Query::like>, write_word<&Query::like>},
    {"space", read_word<&Query::space>, write_word<&Query::space>},
    {"path", read_word<&Query::path>, write_word<&Query::path>},
    {"type", read_types, write_types},
    {"after", read_after, write_plain<&Query::after>},
    {"ef", read_count<&Query::ef, 1, limits::kEfMax>, write_plain<&Query::ef>},
    {"exact", read_truth<&Query::exact>, write_plain<&Query::exact>},
    {"dups", read_dups, write_dups},
};
static_assert(std::size(kMembers) <= limits::kQueryMembersMax, "a request may have all members");

Checked read_member(JsonMember& member, Query& query) {
  if (member.parent >= 0 || member.type == Type::kObject) {
    return Refusal(EINVAL, "member " + member.name + " may not be in or have an object");
  }
  for (const QueryMember& known : kMembers) {
    if (member.name == known.name) return known.read(member, query);
  }
  return Refusal(EINVAL, "unknown member " + member.name);
}

Checked check_together(const Query& query) {
  const int asked = (query.text.empty() ? 0 : 1) + (query.vector.empty() ? 0 : 1) +
                    (query.like.empty() ? 0 : 1) + (query.dups.has_value() ? 1 : 0);
  if (asked != 1) {
    return Refusal(EINVAL, asked == 0
                               ? "the request needs one of text, vector, like and dups"
                               : "the request has more than one of text, vector, like and dups");
  }
  const bool by_words = query.mode.has_value() && *query.mode != QueryMode::kSemantic;
  if (by_words && query.text.empty()) {
    return Refusal(EINVAL, "modes hybrid and lexical need a text");
  }
  return {};
}

}  // namespace

Result<QueryMode> parse_query_mode(std::string_view word) {
  for (const auto& [mode, name] : kModes) {
    if (word == name) return mode;
  }
  return Status(EINVAL, "mode");
}

Result<FusionOptions::Kind> parse_fusion(std::string_view word) {
  for (const auto& [kind, name] : kFusions) {
    if (word == name) return kind;
  }
  return Status(EINVAL, "fusion");
}

Result<Query, Refusal> parse_query_json(std::string_view text) {
  VEXFS_TRY(members, read_json_members(text));
  Query query;
  for (JsonMember& member : members) VEXFS_CHECK_OK(read_member(member, query));
  VEXFS_CHECK_OK(check_together(query));
  return query;
}

std::string write_query_json(const Query& query) {
  std::string text;
  JsonWriter json(text);
  json.object();
  for (const QueryMember& member : kMembers) member.write(query, member.name, json);
  json.end();
  return text;
}

}  // namespace vexfs::engine
