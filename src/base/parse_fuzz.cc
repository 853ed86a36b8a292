// Fuzz target: numbers. An accepted text is within bounds and consists of the number alone.
#include <string>

#include "base/parse.h"
#include "base/testing/fuzz_require.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t bytes) {
  using namespace vexfs;
  const std::string_view text(reinterpret_cast<const char*>(data), bytes);
  const Result<uint64_t> any = parse_u64(text, 0, UINT64_MAX);
  if (any.ok()) {
    const size_t zeros = text.find_first_not_of('0');
    const std::string digits = std::to_string(any.value());
    require(zeros == std::string_view::npos ? any.value() == 0 : text.substr(zeros) == digits);
  }
  const Result<uint64_t> bounded = parse_u64(text, 10, 99);
  require(bounded.ok() == (any.ok() && any.value() >= 10 && any.value() <= 99));
  for (const uint64_t max : {uint64_t{0}, uint64_t{1}, limits::kOptionSecondsMax}) {
    const Result<double> seconds = parse_seconds(text, max);
    if (!seconds.ok()) continue;
    require(seconds.value() >= 0 && seconds.value() <= static_cast<double>(max));
    require(text.find_first_not_of("0123456789.") == std::string_view::npos);
  }
  return 0;
}
