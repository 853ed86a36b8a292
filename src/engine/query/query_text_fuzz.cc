// Fuzz target: typed queries. What is taken is within the bounds of a request.
#include <string>

#include "base/testing/fuzz_require.h"
#include "engine/query/query_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view typed(reinterpret_cast<const char*>(data), bytes);
  engine::QueryError error;
  engine::QueryRequest request;
  if (!engine::parse_query_text(typed, request, error).ok()) {
    require(error.error != 0 && !error.message.empty());
    return 0;
  }
  require(!request.text.empty() && request.text.size() <= limits::kQueryWordBytesMax);
  require(request.text.find('\0') == std::string::npos);
  require(request.text.size() + request.path.size() + request.space.size() <= bytes);
  require(request.k >= 1 && request.k <= limits::kHitsMax);
  require(request.types.size() <= limits::kQueryTypesMax);
  for (const std::string& type : request.types) require(!type.empty() && type.front() != '.');
  require(request.fusion.recency_days <= static_cast<float>(limits::kRecencyDaysMax));
  return 0;
}
