// Fuzz target: typed queries. What is taken is within the bounds of a request.
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
  const engine::QueryRequest& request = parsed.value();
  require(!request.text.empty() && request.text.size() <= limits::kQueryWordBytesMax);
  require(request.text.find('\0') == std::string::npos);
  require(request.text.size() + request.path.size() + request.space.size() <= bytes);
  require(request.k >= 1 && request.k <= limits::kHitsMax);
  require(request.types.size() <= limits::kQueryTypesMax);
  for (const std::string& type : request.types) require(!type.empty() && type.front() != '.');
  require(request.fusion.recency_days <= static_cast<float>(limits::kRecencyDaysMax));
  return 0;
}
