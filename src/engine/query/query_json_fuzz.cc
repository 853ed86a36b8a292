// Fuzz target: requests in JSON. What is taken is within bounds and comes back when it is
// written; what is refused has a sentence.
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
    const engine::Query& query = parsed.value();
    require(query.vector.size() <= limits::kDimMax);
    require(query.k >= 1 && query.k <= limits::kHitsMax && query.ef <= limits::kEfMax);
    require(query.types.size() <= limits::kQueryTypesMax);
    require(query.fusion.semantic_weight <= limits::kFusionWeightMax);
    require(query.fusion.path_weight >= 0 && query.fusion.recency_days >= 0);
    require(query.text_bytes <= limits::kHitTextBytesMax);
    require(is_word(query.text) && is_word(query.like));
    require(is_word(query.path) && is_word(query.space));
    require(query.vector.empty() || query.like.empty());
    require(!query.dups.has_value() || std::isfinite(*query.dups));
    const auto again = engine::parse_query_json(engine::write_query_json(query));
    require(again.ok() && again.value() == query);
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
