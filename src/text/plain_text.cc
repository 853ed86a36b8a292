// Looks at the first bytes only; no library, nothing to attack.
#include "text/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace vexfs::text {
namespace {

// Bytes of the sequence that `lead` starts, 0 if it starts none.
size_t sequence_bytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// The second byte excludes overlong forms, surrogates and what lies beyond U+10FFFF.
bool second_fits(unsigned char lead, unsigned char second) {
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

bool is_text_character(unsigned char c) {
  return c >= 0x20 ? c != 0x7F : c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == 0x1B;
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

// Header lines from the very start, two of them well known.
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
    uint64_t eight = 0;  // Most text is ASCII letters.
    if (at + sizeof(eight) <= bytes.size()) {
      std::memcpy(&eight, bytes.data() + at, sizeof(eight));
      const uint64_t control = (eight - 0x2020202020202020U) | (eight & 0x8080808080808080U);
      if ((control & 0x8080808080808080U) == 0 &&
          bytes.substr(at, sizeof(eight)).find('\x7F') == std::string_view::npos) {
        at += sizeof(eight);
        continue;
      }
    }
    const auto lead = static_cast<unsigned char>(bytes[at]);
    const size_t length = sequence_bytes(lead);
    if (length == 0 || (length == 1 && !is_text_character(lead))) return false;
    const size_t have = std::min(length, bytes.size() - at);
    for (size_t i = 1; i < have; ++i) {
      const auto next = static_cast<unsigned char>(bytes[at + i]);
      if (i == 1 ? !second_fits(lead, next) : (next & 0xC0U) != 0x80) return false;
    }
    if (have < length) return !whole;
    at += length;
  }
  return true;
}

bool is_plain(std::string_view beginning, bool whole) {
  if (beginning.starts_with("%PDF-") || beginning.starts_with("{\\rtf")) return false;
  return is_utf8_text(beginning, whole) && !looks_like_html(beginning) &&
         !looks_like_mail(beginning);
}

}  // namespace vexfs::text
