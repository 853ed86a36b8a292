// Fuzz target: typed queries. What is taken is within the bounds of a query.
#include <string>

#include "base/testing/fuzz_require.h"
#include "engine/query/query_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view typed(reinterpret_cast<const char*>(data), bytes);
  const auto parsed = engine::parse_query_text(typed);
  if (!parsed.ok()) {
    require(parsed.error() != 0 && !parsed.failure().message.empty());
    return 0;
  }
  const engine::Query& query = parsed.value();
  require(!query.text.empty() && query.text.size() <= limits::kQueryWordBytesMax);
  require(query.text.find('\0') == std::string::npos);
  require(query.text.size() + query.path.size() + query.space.size() <= bytes);
  require(query.k >= 1 && query.k <= limits::kHitsMax);
  require(query.types.size() <= limits::kQueryTypesMax);
  for (const std::string& type : query.types) require(!type.empty() && type.front() != '.');
  require(query.fusion.recency_days <= static_cast<float>(limits::kRecencyDaysMax));
  return 0;
}
