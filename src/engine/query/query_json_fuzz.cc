// Fuzz target: requests in JSON. What is taken is within bounds, what is refused has a sentence.
#include <cmath>
#include <string>

#include "base/testing/fuzz_require.h"
#include "engine/query/control_json.h"
#include "engine/query/query_json.h"
#include "engine/query/testing/fuzz_words.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  using engine::is_word;
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  if (const auto parsed = engine::parse_query_json(text); parsed.ok()) {
    const engine::QueryRequest& request = parsed.value();
    require(request.vector.size() <= limits::kDimMax);
    require(request.k >= 1 && request.k <= limits::kHitsMax && request.ef <= limits::kEfMax);
    require(request.types.size() <= limits::kQueryTypesMax);
    require(request.fusion.semantic_weight <= limits::kFusionWeightMax);
    require(request.fusion.path_weight >= 0 && request.fusion.recency_days >= 0);
    require(request.text_bytes <= limits::kHitTextBytesMax);
    require(is_word(request.text) && is_word(request.like));
    require(is_word(request.path) && is_word(request.space));
    require(request.vector.empty() || request.like.empty());
    require(!request.dups.has_value() || std::isfinite(*request.dups));
  } else {
    require(parsed.error() != 0 && !parsed.failure().message.empty());
  }
  if (const auto parsed = engine::parse_control_json(text); parsed.ok()) {
    const engine::ControlRequest& control = parsed.value();
    require(is_word(control.space) && is_word(control.path) && is_word(control.after));
    require(control.limit >= 1 && control.limit <= limits::kListedFilesMax);
    require(control.parameters.dim <= limits::kDimMax);
  } else {
    require(parsed.error() != 0 && !parsed.failure().message.empty());
  }
  return 0;
}
