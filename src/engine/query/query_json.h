// Queries in JSON, in both directions; docs/query.md describes their members.
#ifndef VEXFS_ENGINE_QUERY_QUERY_JSON_H_
#define VEXFS_ENGINE_QUERY_QUERY_JSON_H_

#include <string>
#include <string_view>

#include "base/refusal.h"
#include "engine/query/query.h"

namespace vexfs::engine {

// Reads one query. EINVAL where the text is not one.
Result<Query, Refusal> parse_query_json(std::string_view text);

// The same query as JSON. Members that have their default are left out, all but k. Any bytes that
// are not UTF-8 are replaced, so such a query does not come back as it was.
std::string write_query_json(const Query& query);

// "hybrid", "semantic", "lexical"; EINVAL.
Result<QueryMode> parse_query_mode(std::string_view word);
// "weighted", "rrf"; EINVAL.
Result<FusionOptions::Kind> parse_fusion(std::string_view word);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_JSON_H_
