// Tokenizer: divides a text into the words that the static model knows. These are the rules of
// version 1.
//
// The model was trained on exactly these tokens. With other rules it is another model, so
// kTokenizerVersion is part of the fingerprint that a space records of its embedder.
//
//   ASCII letters are lowered; camelCase is split before a capital that follows a small letter;
//   digits join letters; everything else separates. 's and 't at the end of a word are dropped.
//   Accented Latin letters (U+00C0..U+017F) become their base letters.
//   Greek, Cyrillic, Arabic, Indic and other scripts below U+2000 form runs, as they are.
//   Chinese, Japanese and Korean characters are one token each.
//   Bytes that are not UTF-8 are skipped.
#ifndef VEXFS_TEXT_TOKENIZER_H_
#define VEXFS_TEXT_TOKENIZER_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "base/limits.h"

namespace vexfs::text {

inline constexpr int kTokenizerVersion = 1;

// A cursor over a text, which must outlive it. It allocates nothing, and one thread uses it.
class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  // Answers the next token, which is valid until the next call, or an empty one at the end. Words
  // longer than limits::kTokenBytesMax are skipped.
  std::string_view next();
  // Where the next call will read on, in bytes of the text: past the last token and the separator
  // that ended it.
  size_t position() const { return position_; }

 private:
  enum class Kind : unsigned char {
    kSkipped,    // Bytes that are not UTF-8. They are treated as if they were not there.
    kSeparator,  // Ends a word.
    kSmall,      // A letter that may be followed by a capital of the next word.
    kCapital,    // A letter, in lower case already. It starts a word where it follows a small one.
    kOther,      // A character of a word that has no case: digits, other scripts.
    kAlone,      // A word of its own.
  };
  struct Character {
    Kind kind;
    unsigned char bytes;  // The length in the text.
    char letter;          // What kSmall and kCapital append to the word; others append themselves.
  };

  Character character() const;
  Character ascii_character(unsigned char c) const;
  Character wide_character(unsigned char lead) const;
  void append(const Character& character);
  void read_word();

  std::string_view text_;
  size_t position_ = 0;
  std::array<char, limits::kTokenBytesMax> word_;
  size_t word_bytes_ = 0;  // Larger than word_ for a word that is too long.
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_TOKENIZER_H_
