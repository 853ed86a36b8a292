// Widths of characters come from the few ranges of Unicode that matter (UAX #11), and not from the
// locale: what is shown is UTF-8 whatever the locale says.
#include "cli/printing/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "text/unicode.h"

namespace vexfs::cli {
namespace {

constexpr unsigned kColumnsDefault = 80;

bool combines(uint32_t code) {
  return (code >= 0x300 && code < 0x370) || (code >= 0x200B && code <= 0x200D) ||
         (code >= 0x20D0 && code < 0x2100) || (code >= 0xFE00 && code < 0xFE10) ||
         (code >= 0xFE20 && code < 0xFE30);
}

bool is_wide(uint32_t code) {
  return text::is_ideograph(code) || (code >= 0x1100 && code < 0x1160) ||
         (code >= 0x2E80 && code < 0x3040) || (code >= 0xFE30 && code < 0xFE70) ||
         (code >= 0xFF00 && code < 0xFF61) || (code >= 0x1F300 && code < 0x1FB00);
}

// C0 and C1 controls, and the marks and overrides of bidirectional text (UAX #9), which can make a
// line read differently from what it is.
bool is_control(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C ||
         (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

size_t columns_of(const text::CodePoint& point) {
  if (!point.valid) return 1;
  if (combines(point.code)) return 0;
  return is_wide(point.code) ? 2 : 1;
}

}  // namespace

bool wants_colour() {
  const char* no_colour = std::getenv("NO_COLOR");
  return ::isatty(STDOUT_FILENO) != 0 && (no_colour == nullptr || *no_colour == '\0');
}

unsigned terminal_columns(int descriptor) {
  if (::isatty(descriptor) == 0) return 0;
  struct winsize size = {};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return known ? size.ws_col : kColumnsDefault;
}

size_t display_columns(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const text::CodePoint point = text::decode_utf8(text);
    columns += columns_of(point);
    text.remove_prefix(point.bytes);
  }
  return columns;
}

size_t bytes_of_columns(std::string_view text, size_t columns) {
  size_t at = 0;
  while (at < text.size()) {
    const text::CodePoint point = text::decode_utf8(text.substr(at));
    const size_t width = columns_of(point);
    if (width > columns) break;
    columns -= width;
    at += point.bytes;
  }
  return at;
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const text::CodePoint point = text::decode_utf8(text);
    if (!point.valid || is_control(point.code)) {
      shown += ' ';
    } else {
      shown.append(text.substr(0, point.bytes));
    }
    text.remove_prefix(point.bytes);
  }
  return shown;
}

}  // namespace vexfs::cli
