// Passages: a text cut into pieces of about one thought each, which a vector can stand for.
#ifndef VEXFS_TEXT_PASSAGES_H_
#define VEXFS_TEXT_PASSAGES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vexfs::text {

// Bytes [start, end) of the text, neither starting nor ending with white space.
struct Passage {
  size_t start = 0;
  size_t end = 0;
  uint32_t line = 1;  // Of start; the first line is 1.
};

// How long passages are, in bytes. The defaults are some 200 English words, which is what suits the
// built-in model best; overlapping ends keep a thought whole that a cut would part.
struct PassageOptions {
  size_t target = 1300;
  size_t overlap = 220;
};

// A cursor over the passages of a text, which must outlive it. Allocates nothing. Cuts where the
// text has its seams: before headings, at the ends of code blocks, paragraphs and top-level
// definitions, then after sentences, lines, words; inside a fenced code block only if that is
// longer than a passage, inside a UTF-8 character never.
class PassageCursor {
 public:
  explicit PassageCursor(std::string_view text, const PassageOptions& options = {});
  // False at the end: white space alone has no passage.
  bool next(Passage& passage);

 private:
  size_t best_cut(size_t start, size_t limit) const;
  size_t overlap_start(size_t start, size_t cut) const;
  uint32_t line_at(size_t position);

  std::string_view text_;
  PassageOptions options_;
  size_t position_ = 0;
  size_t counted_ = 0;  // Newlines before here are in line_.
  uint32_t line_ = 1;
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_PASSAGES_H_
