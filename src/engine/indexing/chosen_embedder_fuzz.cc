// Fuzz target: embedder.json. Accepted options are within bounds, and writing and parsing them
// again gives the same.
#include <string_view>

#include "base/limits.h"
#include "base/testing/fuzz_require.h"
#include "engine/indexing/chosen_embedder.h"
#include "engine/query/testing/fuzz_words.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  using engine::is_word;
  const auto parsed = engine::parse_embedder({reinterpret_cast<const char*>(data), bytes});
  if (!parsed.ok()) {
    require(parsed.error() == EINVAL);
    return 0;
  }
  const text::HttpEmbedderOptions& options = parsed.value();
  require(!options.url.empty() && !options.model.empty() && options.dim <= limits::kDimMax);
  require(is_word(options.url) && is_word(options.model) && is_word(options.key_file));
  const auto again = engine::parse_embedder(engine::embedder_json(options));
  require(again.ok() && again.value().url == options.url && again.value().dim == options.dim);
  require(again.value().model == options.model && again.value().key_file == options.key_file);
  return 0;
}
