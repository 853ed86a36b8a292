// Text of any encoding to UTF-8.
#ifndef VEXFS_EXTRACT_ENCODING_H_
#define VEXFS_EXTRACT_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

namespace vexfs::extract {

// By byte order mark, then as UTF-8, then as uchardet guesses. Nothing when it is not text: it
// does not convert, or has control characters afterwards.
std::optional<std::string> to_utf8(std::string_view bytes);

// From the encoding of this name (iconv(3)); nothing when the name is unknown or bytes do not fit.
std::optional<std::string> to_utf8(std::string_view bytes, const char* encoding);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_ENCODING_H_
