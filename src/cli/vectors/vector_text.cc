// Text to floats and back, without locale and without loss: the shortest decimal number that reads
// back as the same float is written.
#include "cli/vectors/vector_text.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>

#include "base/limits.h"

namespace vexfs::cli {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view without_blanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

}  // namespace

bool narrow_number(double value, float& narrowed) {
  // From half a step above the largest float on, rounding makes infinity of a number.
  constexpr double kLimit = 0x1.ffffffp127;
  if (!(std::fabs(value) < kLimit)) return false;
  narrowed = static_cast<float>(value);
  return true;
}

Result<std::vector<float>> parse_vector_text(std::string_view text) {
  text = without_blanks(text);
  if (text.starts_with('[')) {
    if (!text.ends_with(']') || text.size() < 2) return Status(EINVAL, "a [ without its ]");
    text = without_blanks(text.substr(1, text.size() - 2));
  }
  std::vector<float> vector;
  while (!text.empty()) {
    if (vector.size() == limits::kDimMax) return Status(E2BIG, "more than 4096 numbers");
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const size_t taken = static_cast<size_t>(read.ptr - text.data());
    float narrowed = 0;
    if (read.ec == std::errc::invalid_argument) return Status(EINVAL, "not a number");
    if (read.ec == std::errc::result_out_of_range) {
      return Status(ERANGE, "a number out of the range of float32");
    }
    if (std::isnan(value) || std::isinf(value)) return Status(EINVAL, "NaN or infinity");
    if (!narrow_number(value, narrowed)) {
      return Status(ERANGE, "a number out of the range of float32");
    }
    vector.push_back(narrowed);
    // Between numbers there is one comma, or blanks, or both.
    const std::string_view rest = text.substr(taken);
    std::string_view next = without_blanks(rest);
    if (next.empty()) break;
    if (next.starts_with(',')) {
      next = without_blanks(next.substr(1));
      if (next.empty()) return Status(EINVAL, "a comma with no number after it");
    } else if (next.size() == rest.size()) {
      return Status(EINVAL, "not a number");
    }
    text = next;
  }
  if (vector.empty()) return Status(EINVAL, "no numbers");
  static_assert(limits::kDimMax == 4096, "a sentence above says so");
  return vector;
}

Result<std::vector<float>> parse_vector_raw(std::string_view bytes) {
  if (bytes.empty()) return Status(EINVAL, "no numbers");
  if (bytes.size() % sizeof(float) != 0) {
    return Status(EINVAL, "not a whole number of float32 numbers");
  }
  if (bytes.size() / sizeof(float) > limits::kXattrValueBytesMax / sizeof(float)) {
    return Status(E2BIG, "more numbers than fit in one value");
  }
  std::vector<float> vector(bytes.size() / sizeof(float));
  std::memcpy(vector.data(), bytes.data(), bytes.size());
  return vector;
}

Result<std::vector<float>> parse_vector(std::string_view bytes) {
  const size_t first = bytes.find_first_not_of(kBlanks);
  if (first != std::string_view::npos && bytes[first] == '[') {
    Result<std::vector<float>> text = parse_vector_text(bytes);
    // The first byte of a raw float may be a '[' too. Raw numbers are tried if the length allows it
    // and the end does not look like text, whose error would be the one to show.
    if (text.ok() || bytes.size() % sizeof(float) != 0 || without_blanks(bytes).ends_with(']')) {
      return text;
    }
  }
  return parse_vector_raw(bytes);
}

void append_json_array(std::span<const float> vector, JsonWriter& json) {
  json.array();
  for (const float number : vector) json.value(number);
  json.end();
}

}  // namespace vexfs::cli
