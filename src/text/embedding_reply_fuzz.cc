// Fuzz target: replies of an endpoint. A reply that is accepted has one vector of finite numbers
// for each text.
#include <cmath>
#include <cstdlib>
#include <vector>

#include "text/embedding_reply.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs::text;
  const std::string_view reply(reinterpret_cast<const char*>(data), bytes);
  const auto dim = embedding_reply_dim(reply);
  if (!dim.ok()) return 0;
  for (size_t inputs = 1; inputs <= 2; ++inputs) {
    std::vector<float> vectors(inputs * dim.value());
    if (!read_embedding_reply(reply, inputs, dim.value(), vectors).ok()) continue;
    for (const float x : vectors) {
      if (!std::isfinite(x)) std::abort();
    }
  }
  return 0;
}
