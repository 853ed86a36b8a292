// Queries in JSON; docs of the protocol: docs/query.md.
#ifndef VEXFS_ENGINE_QUERY_QUERY_JSON_H_
#define VEXFS_ENGINE_QUERY_QUERY_JSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
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
  std::optional<float> dups;  // Near-duplicates at most so far apart.

  Query query() const;  // Lent: valid while the request is, and unchanged.
};

// "hybrid", "semantic", "lexical"; EINVAL.
Result<QueryMode> parse_query_mode(std::string_view word);
// "weighted", "rrf"; EINVAL.
Result<FusionOptions::Kind> parse_fusion(std::string_view word);

// EINVAL with a sentence in `error`.
Status parse_query_json(std::string_view text, QueryRequest& request, QueryError& error);

// Days are UTC: "2026-01-31" is its first second; "2026-01-31T12:30:00Z" is taken too. EINVAL.
Result<int64_t> parse_date(std::string_view text);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_JSON_H_
