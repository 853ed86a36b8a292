// Numbers and JSON strings without printf, locale or streams.
#include "base/text_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace vexfs {
namespace {

// How many bytes at the start of `rest` form one well-formed UTF-8 character (Unicode table 3-7).
// When none do: 0, and `broken` becomes the length of the maximal prefix to replace, at least 1.
size_t utf8_character_bytes(std::string_view rest, size_t& broken) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(rest[i]); };
  const uint8_t lead = byte(0);
  broken = 1;
  if (lead < 0x80) return 1;
  size_t size = 0;
  uint8_t second_min = 0x80;
  uint8_t second_max = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    size = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    size = 3;
    if (lead == 0xe0) second_min = 0xa0;  // Below: overlong.
    if (lead == 0xed) second_max = 0x9f;  // Above: surrogates.
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    size = 4;
    if (lead == 0xf0) second_min = 0x90;  // Below: overlong.
    if (lead == 0xf4) second_max = 0x8f;  // Above: past U+10FFFF.
  } else {
    return 0;
  }
  for (size_t i = 1; i < size; ++i) {
    const uint8_t low = i == 1 ? second_min : uint8_t{0x80};
    const uint8_t high = i == 1 ? second_max : uint8_t{0xbf};
    if (i >= rest.size() || byte(i) < low || byte(i) > high) {
      broken = i;
      return 0;
    }
  }
  return size;
}

}  // namespace

TextWriter& TextWriter::text(std::string_view text) {
  out_.append(text);
  return *this;
}

TextWriter& TextWriter::character(char c) {
  out_.push_back(c);
  return *this;
}

TextWriter& TextWriter::unsigned_number(uint64_t value) {
  std::array<char, 20> digits;  // 2^64 - 1 has 20.
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_.append(digits.data(), end);
  return *this;
}

TextWriter& TextWriter::signed_number(int64_t value) {
  std::array<char, 20> digits;  // A sign and 19.
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_.append(digits.data(), end);
  return *this;
}

TextWriter& TextWriter::padded(uint64_t value, unsigned width) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  const auto count = static_cast<size_t>(end - digits.data());
  if (count < width) out_.append(width - count, '0');
  out_.append(digits.data(), count);
  return *this;
}

TextWriter& TextWriter::fixed(double value, unsigned decimals) {
  if (!std::isfinite(value)) return text("null");
  // Sign, the 309 digits of DBL_MAX, point and decimals.
  std::array<char, 1 + 309 + 1 + kDecimalsMax> digits;
  const int precision = static_cast<int>(std::min(decimals, kDecimalsMax));
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::fixed, precision)
                       .ptr;
  out_.append(digits.data(), end);
  return *this;
}

TextWriter& TextWriter::shortest(float value) {
  if (!std::isfinite(value)) return text("null");
  std::array<char, 16> digits;  // -1.23456789e-38 has 15.
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_.append(digits.data(), end);
  return *this;
}

TextWriter& TextWriter::json(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out_.push_back('"');
  while (!bytes.empty()) {
    const char c = bytes.front();
    size_t broken = 0;
    const size_t size = utf8_character_bytes(bytes, broken);
    if (size == 0) {
      out_.append("\xef\xbf\xbd");
      bytes.remove_prefix(broken);
      continue;
    }
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (c == '\n') {
      out_.append("\\n");
    } else if (c == '\t') {
      out_.append("\\t");
    } else if (size == 1 && (static_cast<uint8_t>(c) < 0x20 || c == 0x7f)) {
      out_.append("\\u00");
      out_.push_back(kHex[static_cast<uint8_t>(c) >> 4]);
      out_.push_back(kHex[static_cast<uint8_t>(c) & 0xf]);
    } else {
      out_.append(bytes.substr(0, size));
    }
    bytes.remove_prefix(size);
  }
  out_.push_back('"');
  return *this;
}

}  // namespace vexfs
