// Takes one character at a time and decides what kind it is and whether the word before it ends
// there.
#include "text/tokenizer.h"

#include <algorithm>
#include <cstdint>

#include "text/unicode.h"

namespace vexfs::text {
namespace {

// Base letters of U+00C0..U+017F. A blank stands for what is no letter, the signs of multiplication
// and division.
constexpr char kBaseLetters[] =
    "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRr"
    "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";
constexpr uint32_t kFirstAccented = 0xC0;
constexpr uint32_t kLastAccented = 0x17F;
static_assert(sizeof(kBaseLetters) - 1 == kLastAccented - kFirstAccented + 1);

bool is_ascii_letter(unsigned char c) { return (c | 0x20U) >= 'a' && (c | 0x20U) <= 'z'; }

}  // namespace

Tokenizer::Character Tokenizer::ascii_character(unsigned char c) const {
  if (c >= 'a' && c <= 'z') return {Kind::kSmall, 1, static_cast<char>(c)};
  if (c >= 'A' && c <= 'Z') return {Kind::kCapital, 1, static_cast<char>(c | 0x20U)};
  if (c >= '0' && c <= '9') return {Kind::kOther, 1, 0};
  if (c == '\'' && word_bytes_ > 0) {
    const std::string_view rest = text_.substr(position_ + 1);
    const bool suffix = !rest.empty() && (rest[0] == 's' || rest[0] == 't');
    if (suffix && (rest.size() == 1 || !is_ascii_letter(static_cast<unsigned char>(rest[1])))) {
      return {Kind::kSeparator, 2, 0};
    }
  }
  return {Kind::kSeparator, 1, 0};
}

Tokenizer::Character Tokenizer::wide_character(unsigned char lead) const {
  if (lead < 0xC0) return {Kind::kSkipped, 1, 0};
  const unsigned char bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (bytes > text_.size() - position_) return {Kind::kSkipped, 1, 0};
  uint32_t code = lead & (0x7FU >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text_[position_ + i]);
    if ((next & 0xC0U) != 0x80) return {Kind::kSkipped, 1, 0};
    code = code << 6 | (next & 0x3FU);
  }
  if (code >= kFirstAccented && code <= kLastAccented) {
    const char base = kBaseLetters[code - kFirstAccented];
    if (base == ' ') return {Kind::kSeparator, bytes, 0};
    if (base >= 'a') return {Kind::kSmall, bytes, base};
    return {Kind::kCapital, bytes, static_cast<char>(base | 0x20)};
  }
  if (code >= 0x370 && code < 0x2000) return {Kind::kOther, bytes, 0};
  return {is_ideograph(code) ? Kind::kAlone : Kind::kSeparator, bytes, 0};
}

Tokenizer::Character Tokenizer::character() const {
  const auto first = static_cast<unsigned char>(text_[position_]);
  return first < 0x80 ? ascii_character(first) : wide_character(first);
}

void Tokenizer::append(const Character& character) {
  const std::string_view bytes = character.letter != 0 ? std::string_view(&character.letter, 1)
                                                       : text_.substr(position_, character.bytes);
  if (word_bytes_ + bytes.size() <= word_.size()) {
    std::copy(bytes.begin(), bytes.end(), word_.begin() + static_cast<ptrdiff_t>(word_bytes_));
  }
  word_bytes_ += bytes.size();
}

void Tokenizer::read_word() {
  word_bytes_ = 0;
  bool after_small = false;
  while (position_ < text_.size()) {
    const Character c = character();
    if (c.kind == Kind::kSkipped) {
      position_ += c.bytes;
      continue;
    }
    if (c.kind == Kind::kSeparator) {
      position_ += c.bytes;
      if (word_bytes_ > 0) return;
      continue;
    }
    const bool starts_anew = c.kind == Kind::kAlone || (c.kind == Kind::kCapital && after_small);
    // The character is not taken: the next call reads it again, as the first one of its word.
    if (starts_anew && word_bytes_ > 0) return;
    append(c);
    position_ += c.bytes;
    if (c.kind == Kind::kAlone) return;
    after_small = c.kind == Kind::kSmall;
  }
}

std::string_view Tokenizer::next() {
  do {
    read_word();
  } while (word_bytes_ > word_.size());
  return {word_.data(), word_bytes_};
}

}  // namespace vexfs::text
