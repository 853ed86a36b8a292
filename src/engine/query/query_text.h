// Queries as people type them: words, and qualifiers among them.
#ifndef VEXFS_ENGINE_QUERY_QUERY_TEXT_H_
#define VEXFS_ENGINE_QUERY_QUERY_TEXT_H_

#include <string_view>

#include "base/refusal.h"
#include "engine/query/query.h"

namespace vexfs::engine {

// "visa rules k:50 type:md,txt after:2026-01-01 path:\"old travel\"" becomes a query whose text
// is what is left: "visa rules". The qualifiers are k, type, after, space, path, mode, fusion,
// recency and fold (docs/query.md). A word with another name before its colon is text, and so is a
// word with nothing behind its colon: people search for "std::vector", too. What stands between
// double quotes is text as it is, or the value of a qualifier; the quotes are removed. A quote that
// no other follows is text.
//
// The work is linear in the text. EINVAL where a value does not fit, where a qualifier other than
// `type` is given twice, and where the text has no words, a zero byte, or more than
// limits::kQueryWordBytesMax bytes.
Result<Query, Refusal> parse_query_text(std::string_view typed);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_QUERY_QUERY_TEXT_H_
