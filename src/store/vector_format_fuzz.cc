// Fuzz target: the vector file's header. Only the one header that the space has is accepted.
#include <cstdlib>
#include <cstring>

#include "store/vector_format.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const auto input = std::as_bytes(std::span(data, bytes));
  // The input may be the header of any space, so its own parameters are asked for.
  SpaceParameters parameters{.dim = 4};
  if (bytes >= sizeof(store::VectorFileHeader)) {
    store::VectorFileHeader claimed;
    std::memcpy(&claimed, data, sizeof(claimed));
    parameters.dim = claimed.dim;
    parameters.metric = static_cast<Metric>(claimed.metric);
    parameters.element = static_cast<ElementType>(claimed.element);
  }
  if (!check_parameters(parameters).ok()) return 0;
  if (store::check_vector_file_header(input, parameters).ok()) {
    const store::VectorFileHeader expected = store::make_vector_file_header(parameters);
    if (std::memcmp(data, &expected, sizeof(expected)) != 0) std::abort();
  }
  return 0;
}
