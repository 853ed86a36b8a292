// TextWriter: appends text, numbers and JSON strings to a std::string.
//
// It is for code that cannot afford the 2 KiB of stack that snprintf takes, or the 3 KiB of an
// ostringstream. It does not depend on the locale. Every call appends and returns the writer, so
// that calls chain:
//   TextWriter(out).text("{\"pid\":").number(pid).text(",\"source\":").json(source).text("}");
#ifndef VEXFS_BASE_TEXT_WRITER_H_
#define VEXFS_BASE_TEXT_WRITER_H_

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace vexfs {

class TextWriter {
 public:
  static constexpr unsigned kDecimalsMax = 9;

  // Appends to `out`, which must outlive the writer.
  explicit TextWriter(std::string& out) : out_(out) {}

  TextWriter& text(std::string_view text);
  TextWriter& character(char c);
  template <std::integral T>
  TextWriter& number(T value) {
    if constexpr (std::signed_integral<T>) {
      return signed_number(value);
    } else {
      return unsigned_number(value);
    }
  }
  // Writes at least `width` digits, with zeros in front.
  TextWriter& padded(uint64_t value, unsigned width);
  // Writes `decimals` digits behind the point, at most kDecimalsMax, rounded to nearest with ties
  // to even on the exact binary value. A value that is not finite becomes null, as JSON has no
  // other spelling.
  TextWriter& fixed(double value, unsigned decimals);
  // Writes the fewest digits that are read back as the same float; null where it is not finite.
  TextWriter& shortest(float value);
  // Writes a JSON string, quoted and escaped. Names of files are bytes: each maximal sequence that
  // is not UTF-8 (overlong forms and surrogates included) becomes one U+FFFD.
  TextWriter& json(std::string_view bytes);

 private:
  TextWriter& unsigned_number(uint64_t value);
  TextWriter& signed_number(int64_t value);

  std::string& out_;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_TEXT_WRITER_H_
