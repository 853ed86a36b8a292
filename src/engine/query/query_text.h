// Queries as people type them: words, and qualifiers among them.
#ifndef VEXFS_ENGINE_QUERY_QUERY_TEXT_H_
#define VEXFS_ENGINE_QUERY_QUERY_TEXT_H_

#include <string_view>

#include "base/refusal.h"
#include "engine/query/query.h"

namespace vexfs::engine {

// "visa rules k:50 type:md,txt after:2026-01-01 path:\"old travel\"" becomes a query whose text
// is what is left: "visa rules". Qualifiers: k, type, after, space, path, mode, fusion, recency,
// fold (docs/query.md). A word with another name before its colon is text, and so is one with
// nothing after it. What stands between double quotes is text as it is, or the value of a
// qualifier; the quotes go. A quote that none follows is text.
//
// Linear in the text. EINVAL: a value that does not fit, a qualifier
// other than `type` that is given twice, no words, zero bytes, more than
// limits::kQueryWordBytesMax bytes.
Result<Query, Refusal> parse_query_text(std::string_view typed);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_TEXT_H_
