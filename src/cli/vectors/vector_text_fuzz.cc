// Fuzz target: vectors in text or raw. What is accepted is within bounds, and text that is written
// and read again is the same vector.
#include <cmath>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "cli/vectors/vector_text.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  const auto any = cli::parse_vector(text);
  if (any.ok() && (any.value().empty() || any.value().size() > limits::kXattrValueBytesMax / 4)) {
    std::abort();
  }
  const auto vector = cli::parse_vector_text(text);
  if (!vector.ok()) return 0;
  if (vector.value().empty() || vector.value().size() > limits::kDimMax) std::abort();
  for (const float value : vector.value()) {
    if (!std::isfinite(value)) std::abort();
  }
  std::string written;
  JsonWriter json(written);
  cli::append_json_array(vector.value(), json);
  const auto again = cli::parse_vector_text(written);
  if (!again.ok() || again.value() != vector.value()) std::abort();
  return 0;
}
