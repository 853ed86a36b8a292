// UTF-8, a code point at a time, and the scripts that need care of their own.
#ifndef VEXFS_TEXT_UNICODE_H_
#define VEXFS_TEXT_UNICODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vexfs::text {

struct CodePoint {
  uint32_t code = 0;
  unsigned char bytes = 1;  // In the text; 1 where it is not valid.
  bool valid = false;
};

// The first code point of `text`, which is not empty. Overlong forms, surrogates, codes beyond
// U+10FFFF and what the end cuts off are not valid.
CodePoint decode_utf8(std::string_view text);

void append_utf8(uint32_t code, std::string& out);

// Chinese, Japanese and Korean characters.
constexpr bool is_ideograph(uint32_t code) {
  return (code >= 0x3040 && code < 0xA000) || (code >= 0xAC00 && code < 0xD7B0) ||
         (code >= 0xF900 && code < 0xFB00) || code >= 0x20000;
}

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_UNICODE_H_
