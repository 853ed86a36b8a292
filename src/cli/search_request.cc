// From the options of a search to a query. The words are parsed by the engine's own parser, so that
// a qualifier means the same here and in `.vexfs/search`.
#include "cli/search_request.h"

#include "engine/query/date.h"
#include "engine/query/query_json.h"
#include "engine/query/query_text.h"

namespace vexfs::cli {

bool search_request(const SearchArguments& arguments, engine::Query& query, std::string& problem) {
  if (!arguments.query.empty()) {
    auto typed = engine::parse_query_text(arguments.query);
    if (!typed.ok()) {
      problem = typed.failure().message;
      return false;
    }
    query = std::move(typed).value();
  }
  if (!arguments.mode.empty()) {
    const auto mode = engine::parse_query_mode(arguments.mode);
    if (!mode.ok()) {
      problem = "--mode: must be hybrid, semantic or lexical";
      return false;
    }
    query.mode = mode.value();
  }
  // A mode says how a text is searched; elsewhere it is ignored.
  if (query.text.empty()) query.mode.reset();
  if (!arguments.after.empty()) {
    const auto after = engine::parse_date(arguments.after);
    if (!after.ok()) {
      problem = "--after: must be a date, as 2026-01-31, not " + arguments.after;
      return false;
    }
    query.after = after.value();
  }
  if (!arguments.space.empty()) query.space = arguments.space;
  if (!arguments.types.empty()) query.types = arguments.types;
  for (std::string& type : query.types) {
    if (type.starts_with('.')) type.erase(0, 1);
  }
  if (arguments.k.has_value()) query.k = *arguments.k;
  query.ef = arguments.ef;
  query.exact = arguments.exact;
  if (arguments.no_fold) query.fold_duplicates = false;
  // Passages that nobody sees need not be read.
  if (arguments.names_only && !arguments.json) query.text_bytes = 0;
  return true;
}

}  // namespace vexfs::cli
