// Numbers in option values.
#include "base/parse.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace vexfs {
namespace {

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Result<uint64_t> parse_u64(std::string_view text, uint64_t min, uint64_t max) {
  if (text.empty() || !all_digits(text)) return Status(EINVAL, "not a decimal number");
  uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || value < min || value > max) {
    return Status(ERANGE, "number out of range");
  }
  return value;
}

Result<double> parse_seconds(std::string_view text, uint64_t max) {
  constexpr size_t kNanosecondDigits = 9;
  constexpr uint64_t kNanoseconds = 1'000'000'000;
  const size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = text.substr(std::min(point + 1, text.size()));
  if (whole.empty() && decimals.empty()) return Status(EINVAL, "not a number of seconds");
  if (!all_digits(whole) || !all_digits(decimals)) {
    return Status(EINVAL, "not a number of seconds");
  }

  uint64_t seconds = 0;
  if (!whole.empty()) {
    VEXFS_TRY(parsed, parse_u64(whole, 0, std::min(max, limits::kOptionSecondsMax)));
    seconds = parsed;
  }
  uint64_t nanoseconds = 0;
  for (size_t i = 0; i < kNanosecondDigits; ++i) {
    const char digit = i < decimals.size() ? decimals[i] : '0';
    nanoseconds = nanoseconds * 10 + static_cast<uint64_t>(digit - '0');
  }
  nanoseconds += seconds * kNanoseconds;
  if (nanoseconds > std::min(max, limits::kOptionSecondsMax) * kNanoseconds) {
    return Status(ERANGE, "number out of range");
  }
  return static_cast<double>(nanoseconds) / static_cast<double>(kNanoseconds);
}

}  // namespace vexfs
