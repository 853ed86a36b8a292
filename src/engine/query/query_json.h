// Reads queries in JSON; docs/query.md describes their members.
#ifndef VEXFS_ENGINE_QUERY_QUERY_JSON_H_
#define VEXFS_ENGINE_QUERY_QUERY_JSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "engine/query/query.h"

namespace vexfs::engine {

// A query that owns its parts, or a question for near-duplicates.
struct QueryRequest {
  std::string text;
  std::optional<QueryMode> mode;
  FusionOptions fusion;
  bool fold_duplicates = true;
  uint32_t text_bytes = limits::kHitTextBytesMax;
  std::vector<float> vector;
  std::string like;
  std::string space;
  std::string path;
  std::vector<std::string> types;
  int64_t after = 0;
  uint32_t k = limits::kHitsDefault;
  uint32_t ef = 0;
  bool exact = false;
  std::optional<float> dups;  // Asks for near-duplicates that are at most this far apart.

  // A view of this request, valid as long as the request lives and does not change.
  Query query() const;
};

// "hybrid", "semantic", "lexical"; EINVAL.
Result<QueryMode> parse_query_mode(std::string_view word);
// "weighted", "rrf"; EINVAL.
Result<FusionOptions::Kind> parse_fusion(std::string_view word);

// Reads one query. EINVAL where it is not one.
Result<QueryRequest, Refusal> parse_query_json(std::string_view text);

// Seconds since the epoch of a date in UTC: "2026-01-31", which is its first second, or
// "2026-01-31T12:30:00Z". EINVAL for anything else.
Result<int64_t> parse_date(std::string_view text);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_JSON_H_
