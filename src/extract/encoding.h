// Converts text of any encoding to UTF-8.
#ifndef VEXFS_EXTRACT_ENCODING_H_
#define VEXFS_EXTRACT_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

namespace vexfs::extract {

// Converts by the byte order mark if there is one, else takes it as UTF-8 if it is valid, else
// converts from the encoding that uchardet guesses. Answers nothing when the bytes are not text:
// they do not convert, or have control characters afterwards.
std::optional<std::string> to_utf8(std::string_view bytes);

// Converts from the encoding of this name (iconv(3)). Answers nothing when the name is unknown or
// when the bytes are not of this encoding.
std::optional<std::string> to_utf8(std::string_view bytes, const char* encoding);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_ENCODING_H_
