// Tokenizer: text to the words that the static model knows. Version 1.
//
// The model was trained on exactly these tokens: another rule here is another model, so
// kTokenizerVersion is part of what a space remembers of its embedder.
//
//   ASCII letters are lowered; camelCase is split before a capital that follows a small letter;
//   digits join letters; everything else separates. 's and 't at the end of a word are dropped.
//   Accented Latin letters (U+00C0..U+017F) become their base letters.
//   Greek, Cyrillic, Arabic, Indic and other scripts below U+2000 form runs, as they are.
//   Chinese, Japanese and Korean characters are one token each.
//   Bytes that are not UTF-8 are passed over.
#ifndef VEXFS_TEXT_TOKENIZER_H_
#define VEXFS_TEXT_TOKENIZER_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "base/limits.h"

namespace vexfs::text {

inline constexpr int kTokenizerVersion = 1;

// A cursor over a text, which must outlive it. Allocates nothing. One thread.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  // The next token, valid until the next call; empty at the end. Words longer than
  // limits::kTokenBytesMax are passed over.
  std::string_view next();
  // One past the token that next() gave last, in bytes of the text.
  size_t position() const { return position_; }

 private:
  enum class Kind : unsigned char {
    kSkipped,    // Not UTF-8: as if it were not there.
    kSeparator,  // Ends a word.
    kSmall,      // A letter that may be followed by a capital of the next word.
    kCapital,    // A letter, lowered already; starts a word behind a small one.
    kOther,      // Belongs to a word, has no case: digits, other scripts.
    kAlone,      // A word of its own.
  };
  struct Character {
    Kind kind;
    unsigned char bytes;  // In the text.
    char letter;          // What kSmall and kCapital append; the others append themselves.
  };

  Character character() const;
  Character ascii_character(unsigned char c) const;
  Character wide_character(unsigned char lead) const;
  void append(const Character& character);
  void read_word();

  std::string_view text_;
  size_t position_ = 0;
  std::array<char, limits::kTokenBytesMax> word_;
  size_t word_bytes_ = 0;  // Grows beyond word_ for a word that is too long.
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_TOKENIZER_H_
