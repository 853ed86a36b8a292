// Fuzz target: model files. A file that opens embeds any text without reading outside its bounds.
#include <cmath>
#include <cstdlib>

#include "text/static_model.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs::text;
  const auto model = StaticModel::open(std::as_bytes(std::span(data, bytes)));
  if (!model.ok()) return 0;
  std::vector<float> vector(model.value().dim());
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  if (!model.value().embed(text, vector)) return 0;
  return 0;
}
