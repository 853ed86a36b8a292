// Passages: a text cut into pieces of about one thought each, such that one vector can stand for
// each.
#ifndef VEXFS_TEXT_PASSAGES_H_
#define VEXFS_TEXT_PASSAGES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vexfs::text {

// The bytes [start, end) of a text. A passage neither starts nor ends with white space.
struct Passage {
  size_t start = 0;
  size_t end = 0;
  uint32_t line = 1;  // The line of `start`; the first line of a text is 1.
};

// How long passages are, in bytes. The default is some 200 English words, which suits the built-in
// model best. Passages overlap so that a thought which a cut would divide is whole in one of them.
struct PassageOptions {
  size_t target = 1300;
  size_t overlap = 220;
};

// A cursor over the passages of a text, which must outlive it. It allocates nothing, and one thread
// uses it. It prefers to cut before headings, at the ends of code blocks, top-level definitions and
// paragraphs, then after sentences, lines, words. It cuts inside a fenced code block only if that
// is longer than a passage, and never inside a UTF-8 character.
class PassageCursor {
 public:
  explicit PassageCursor(std::string_view text, const PassageOptions& options = {});
  // Answers false at the end of the text. White space alone makes no passage.
  bool next(Passage& passage);

 private:
  size_t best_cut(size_t start, size_t limit) const;
  size_t overlap_start(size_t start, size_t cut) const;
  uint32_t line_at(size_t position);

  std::string_view text_;
  PassageOptions options_;
  size_t position_ = 0;
  size_t counted_ = 0;  // The newlines before this position are counted in line_.
  uint32_t line_ = 1;
};

}  // namespace vexfs::text

#endif  // VEXFS_TEXT_PASSAGES_H_
