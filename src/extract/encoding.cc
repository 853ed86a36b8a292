// uchardet guesses the encoding, iconv(3) converts.
#include "extract/encoding.h"

#include <iconv.h>
#include <uchardet.h>

#include <array>
#include <cerrno>
#include <memory>

#include "text/plain_text.h"

namespace vexfs::extract {
namespace {

struct Mark {
  std::string_view bytes;
  const char* encoding;
};
// Byte order marks. Longer ones come first, since that of UTF-32LE starts with that of UTF-16LE.
constexpr std::array<Mark, 5> kMarks = {{{{"\xFF\xFE\0\0", 4}, "UTF-32LE"},
                                         {{"\0\0\xFE\xFF", 4}, "UTF-32BE"},
                                         {"\xEF\xBB\xBF", "UTF-8"},
                                         {"\xFF\xFE", "UTF-16LE"},
                                         {"\xFE\xFF", "UTF-16BE"}}};

// Nothing where the text has control characters: then the guess was wrong, or the file is binary.
std::optional<std::string> checked(std::optional<std::string> text) {
  if (text && !text::is_utf8_text(*text, true)) return std::nullopt;
  return text;
}

}  // namespace

std::optional<std::string> to_utf8(std::string_view bytes, const char* encoding) {
  const iconv_t opened = ::iconv_open("UTF-8", encoding);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): iconv(3) says (iconv_t)-1.
  if (opened == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  const std::unique_ptr<void, int (*)(iconv_t)> converter(opened, ::iconv_close);
  std::string text;
  char* in = const_cast<char*>(bytes.data());
  size_t in_left = bytes.size();
  std::array<char, 16384> buffer;
  while (in_left > 0) {
    char* out = buffer.data();
    size_t out_left = buffer.size();
    const size_t result = ::iconv(converter.get(), &in, &in_left, &out, &out_left);
    text.append(buffer.data(), buffer.size() - out_left);
    if (result == static_cast<size_t>(-1) && errno != E2BIG) return std::nullopt;
  }
  return text;
}

std::optional<std::string> to_utf8(std::string_view bytes) {
  for (const Mark& mark : kMarks) {
    if (bytes.starts_with(mark.bytes)) {
      return checked(to_utf8(bytes.substr(mark.bytes.size()), mark.encoding));
    }
  }
  if (text::is_utf8_text(bytes, true)) return std::string(bytes);
  const std::unique_ptr<uchardet, void (*)(uchardet_t)> detector(::uchardet_new(),
                                                                 ::uchardet_delete);
  if (::uchardet_handle_data(detector.get(), bytes.data(), bytes.size()) != 0) return std::nullopt;
  ::uchardet_data_end(detector.get());
  const std::string encoding = ::uchardet_get_charset(detector.get());
  if (encoding.empty()) return std::nullopt;
  return checked(to_utf8(bytes, encoding.c_str()));
}

}  // namespace vexfs::extract
