// A word is collected part by part ("open", "File"). Each part is visited when it ends, and the
// whole word after its last part if there were several.
#include "text/lexical_terms.h"

#include <algorithm>
#include <array>
#include <clocale>
#include <cstdint>
#include <cwctype>

#include "base/limits.h"
#include "text/unicode.h"

namespace vexfs::text {
namespace {

// Base letters of U+00C0..U+024F, and below of U+1E00..U+1EFF, as Unicode decomposes them. A blank
// stands for a letter that has none.
constexpr char kLatin[] =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuytyaaaaaaccccccccdd"
    "ddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnn nnoooooooorrrrrrssssss"
    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzsbb                f             oo             u"
    "u                   dddlllnnnaaiioouuuuuuuuuu aaaa    ggkkoooo  jdddgg  nnaa    "
    "aaaaeeeeiiiioooorrrruuuusstt  hh      aaeeooooooooyy                            ";
constexpr char kLatinAdditional[] =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo"
    "oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas    "
    "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuu"
    "uuyyyyyyyy      ";

// Sorted. Words that are in nearly every English text, so that a match of one says little.
constexpr std::array<std::string_view, 48> kStopWords = {
    "a",    "about", "an",   "and",   "are",   "as",   "at",    "be",    "by",   "can",
    "do",   "does",  "for",  "from",  "has",   "have", "how",   "i",     "if",   "in",
    "into", "is",    "it",   "its",   "me",    "my",   "no",    "not",   "of",   "on",
    "or",   "such",  "that", "the",   "their", "then", "there", "these", "they", "this",
    "to",   "was",   "what", "which", "will",  "with", "you",   "your"};
static_assert(std::is_sorted(kStopWords.begin(), kStopWords.end()));

// The C library's character tables of all scripts, whatever the locale of the program is.
locale_t unicode_locale() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

bool is_combining(uint32_t code) { return code >= 0x300 && code < 0x370; }

struct Letter {
  uint32_t code = 0;  // In lower case, without its diacritic.
  bool is_upper = false;
  bool is_lower = false;
};

// Letters and digits.
bool is_letter(uint32_t code) {
  if (code < 0x80)
    return (code >= '0' && code <= '9') || ((code | 0x20U) >= 'a' && (code | 0x20U) <= 'z');
  return ::iswalnum_l(static_cast<wint_t>(code), unicode_locale()) != 0;
}

Letter fold(uint32_t code) {
  if (code < 0x80) {
    const bool upper = code >= 'A' && code <= 'Z';
    return {upper ? code | 0x20U : code, upper, code >= 'a' && code <= 'z'};
  }
  const auto wide = static_cast<wint_t>(code);
  const auto lower = static_cast<uint32_t>(::towlower_l(wide, unicode_locale()));
  Letter letter = {lower, lower != code, false};
  letter.is_lower = !letter.is_upper && ::iswlower_l(wide, unicode_locale()) != 0;
  char base = ' ';
  if (code >= 0xC0 && code <= 0x24F) base = kLatin[code - 0xC0];
  if (code >= 0x1E00 && code <= 0x1EFF) base = kLatinAdditional[code - 0x1E00];
  if (base != ' ') letter.code = static_cast<unsigned char>(base);
  return letter;
}

// Takes the characters of a text in order and visits the terms that they make.
class Words {
 public:
  Words(TermsFor use, FunctionRef<bool(const LexicalTerm&)> visit) : use_(use), visit_(visit) {}

  void letter(const Letter& letter, size_t start, size_t end) {
    const bool hump = letter.is_upper && previous_.is_lower;
    if (hump) end_part(start);
    // In "HTTPServer" the last capital of the first run belongs to the part that follows.
    if (letter.is_lower && previous_.is_upper && capitals_ > 1) split_last(last_start_);
    if (part_.empty()) part_start_ = start;
    if (whole_.empty() && part_.empty()) whole_start_ = start;
    last_letter_at_ = part_.size();
    last_start_ = start;
    append_utf8(letter.code, part_);
    capitals_ = letter.is_upper ? capitals_ + 1 : 0;
    previous_ = letter;
    end_ = end;
  }

  // A character that joins the parts of a word: the underscore of open_file.
  void joint(size_t at) {
    end_part(at);
    previous_ = {};
    capitals_ = 0;
  }

  void end_word(size_t at) {
    end_part(at);
    if (parts_ > 1) visit(whole_, whole_start_, end_, true);
    whole_.clear();
    parts_ = 0;
    previous_ = {};
    capitals_ = 0;
  }

  // A character of a script that does not separate its words by blanks.
  void ideograph(uint32_t code, size_t start, size_t end) {
    std::string single;
    append_utf8(code, single);
    const bool has_pair = !ideograph_.empty();
    if (has_pair) visit(ideograph_ + single, ideograph_start_, end, false);
    if (use_ == TermsFor::kIndex) visit(single, start, end, has_pair);
    paired_ = paired_ || has_pair;
    ideograph_ = std::move(single);
    ideograph_start_ = start;
    ideograph_end_ = end;
  }

  void end_ideographs() {
    if (use_ == TermsFor::kQuery && !ideograph_.empty() && !paired_) {
      visit(ideograph_, ideograph_start_, ideograph_end_, false);
    }
    ideograph_.clear();
    paired_ = false;
  }

  bool stopped() const { return stopped_; }

 private:
  void end_part(size_t at) {
    if (part_.empty()) return;
    visit(part_, part_start_, std::min(at, end_), false);
    if (whole_.size() <= limits::kTermBytesMax) whole_ += part_;
    ++parts_;
    part_.clear();
    capitals_ = 0;
  }

  // Ends the part before its last letter, which starts the next part.
  void split_last(size_t at) {
    const std::string last = part_.substr(last_letter_at_);
    part_.resize(last_letter_at_);
    end_part(at);
    part_ = last;
    part_start_ = at;
  }

  void visit(std::string_view term, size_t start, size_t end, bool same_place) {
    if (term.size() > limits::kTermBytesMax || stopped_) return;
    stopped_ = !visit_({term, start, end, same_place});
  }

  const TermsFor use_;
  FunctionRef<bool(const LexicalTerm&)> visit_;
  bool stopped_ = false;

  std::string part_;
  size_t part_start_ = 0;
  // Where the last letter starts: in part_, and in the text.
  size_t last_letter_at_ = 0;
  size_t last_start_ = 0;
  size_t end_ = 0;  // One past the last letter, in the text.
  std::string whole_;
  size_t whole_start_ = 0;
  int parts_ = 0;
  int capitals_ = 0;  // The capitals in a row at the end of part_.
  Letter previous_;

  std::string ideograph_;  // The last one of the current run.
  size_t ideograph_start_ = 0;
  size_t ideograph_end_ = 0;
  bool paired_ = false;  // The run has given a pair.
};

}  // namespace

void lexical_terms(std::string_view text, TermsFor use,
                   FunctionRef<bool(const LexicalTerm&)> visit) {
  Words words(use, visit);
  for (size_t at = 0; at < text.size() && !words.stopped();) {
    const CodePoint point = decode_utf8(text.substr(at));
    const size_t end = at + point.bytes;
    if (point.valid && is_ideograph(point.code)) {
      words.end_word(at);
      words.ideograph(point.code, at, end);
    } else if (point.valid && is_letter(point.code)) {
      words.end_ideographs();
      words.letter(fold(point.code), at, end);
    } else if (point.valid && point.code == '_') {
      words.end_ideographs();
      words.joint(at);
    } else if (!point.valid || !is_combining(point.code)) {
      words.end_ideographs();
      words.end_word(at);
    }
    at = end;
  }
  words.end_ideographs();
  words.end_word(text.size());
}

bool is_stop_word(std::string_view term) {
  return std::binary_search(kStopWords.begin(), kStopWords.end(), term);
}

}  // namespace vexfs::text
