// These tests use no parser library, so a hostile file has nothing to attack in the daemon.
#include "text/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include "text/unicode.h"

namespace vexfs::text {
namespace {

bool is_text_character(unsigned char c) {
  return c >= 0x20 ? c != 0x7F : c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == 0x1B;
}

// Whether `rest`, which is not a valid code point, is the beginning of one: some continuation bytes
// complete it.
bool cut_off(std::string_view rest) {
  std::string completed(rest.substr(0, 4));
  for (const char next : {'\x80', '\x90', '\xBF'}) {
    completed.resize(std::min<size_t>(rest.size(), 4));
    while (completed.size() < 4) completed.push_back(next);
    if (rest.size() < 4 && decode_utf8(completed).valid &&
        decode_utf8(completed).bytes > rest.size()) {
      return true;
    }
  }
  return false;
}

bool starts_with_letters(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char have) {
           return want == (have >= 'A' && have <= 'Z' ? static_cast<char>(have | 0x20) : have);
         });
}

bool looks_like_html(std::string_view text) {
  const size_t start = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (start == std::string_view::npos) return false;
  text.remove_prefix(start);
  return starts_with_letters(text, "<!doctype html") || starts_with_letters(text, "<html") ||
         starts_with_letters(text, "<head") || starts_with_letters(text, "<body") ||
         (starts_with_letters(text, "<?xml") && text.find("<html") != std::string_view::npos);
}

// Whether the text starts with header lines (RFC 5322), two of them well known. The first line may
// be the "From " of a mailbox file.
bool looks_like_mail(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kHeaders = {
      "from: ",       "to: ",          "subject: ",      "date: ",        "received: ",
      "message-id: ", "return-path: ", "delivered-to: ", "mime-version: "};
  if (text.starts_with("From ")) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  int known = 0;
  while (!text.empty() && known < 2) {
    const size_t newline = std::min(text.find('\n'), text.size() - 1);
    const std::string_view line = text.substr(0, newline);
    const size_t colon = line.find(':');
    const bool folded = !line.empty() && (line[0] == ' ' || line[0] == '\t');
    if (!folded && (colon == 0 || colon == std::string_view::npos || line.find(' ') < colon)) {
      return false;
    }
    known += std::any_of(kHeaders.begin(), kHeaders.end(),
                         [line](std::string_view name) { return starts_with_letters(line, name); });
    text.remove_prefix(newline + 1);
  }
  return known >= 2;
}

}  // namespace

bool is_utf8_text(std::string_view bytes, bool whole) {
  size_t at = 0;
  while (at < bytes.size()) {
    // Most text is ASCII, so eight bytes are tested at a time: none may be below 0x20 or above
    // 0x7F.
    uint64_t eight = 0;
    if (at + sizeof(eight) <= bytes.size()) {
      std::memcpy(&eight, bytes.data() + at, sizeof(eight));
      const uint64_t control = (eight - 0x2020202020202020U) | (eight & 0x8080808080808080U);
      if ((control & 0x8080808080808080U) == 0 &&
          bytes.substr(at, sizeof(eight)).find('\x7F') == std::string_view::npos) {
        at += sizeof(eight);
        continue;
      }
    }
    const CodePoint point = decode_utf8(bytes.substr(at));
    if (!point.valid) return !whole && cut_off(bytes.substr(at));
    if (point.bytes == 1 && !is_text_character(static_cast<unsigned char>(point.code)))
      return false;
    at += point.bytes;
  }
  return true;
}

bool is_plain(std::string_view beginning, bool whole) {
  if (beginning.starts_with("%PDF-") || beginning.starts_with("{\\rtf")) return false;
  return is_utf8_text(beginning, whole) && !looks_like_html(beginning) &&
         !looks_like_mail(beginning);
}

}  // namespace vexfs::text
