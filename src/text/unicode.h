// UTF-8, one code point at a time. Needs no large stack and allocates only to append.
#ifndef VEXFS_TEXT_UNICODE_H_
#define VEXFS_TEXT_UNICODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vexfs::text {

struct CodePoint {
  uint32_t code = 0;
  unsigned char bytes = 1;  // Its length in the text; 1 where it is not valid.
  bool valid = false;
};

// Reads the first code point of `text`, which must not be empty. Overlong forms, surrogates, codes
// beyond U+10FFFF and sequences that the end of the text cuts off are not valid.
CodePoint decode_utf8(std::string_view text);

// Appends the encoding of `code`, which must be at most U+10FFFF.
void append_utf8(uint32_t code, std::string& out);

// Whether it is a Chinese, Japanese or Korean character. Their words are not separated by blanks.
constexpr bool is_ideograph(uint32_t code) {
  return (code >= 0x3040 && code < 0xA000) || (code >= 0xAC00 && code < 0xD7B0) ||
         (code >= 0xF900 && code < 0xFB00) || code >= 0x20000;
}

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_UNICODE_H_
