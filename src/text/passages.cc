// A passage ends at the best place in the second half of a window of the target length. Each place
// has a strength (below), which is weighed by how near it is to the end of the window: a heading
// that is somewhat too early is better than the middle of a sentence at the very end.
#include "text/passages.h"

#include <algorithm>

namespace vexfs::text {
namespace {

// The strength of a cut before a line of this kind, or after a character of this kind.
constexpr float kHeading = 100;
constexpr float kFence = 80;
constexpr float kDefinition = 40;  // An unindented line after a blank one: the next function.
constexpr float kParagraph = 30;
constexpr float kSentence = 10;
constexpr float kLine = 6;
constexpr float kWord = 1;
constexpr float kInsideFence = 0.01F;  // The factor for all cuts within a fenced code block.

// The window is divided by this for the earliest cut. An earlier one would make passages that are
// mostly overlap.
constexpr size_t kSoonest = 2;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }

bool is_fence(std::string_view line) { return line.starts_with("```") || line.starts_with("~~~"); }

bool is_heading(std::string_view line) {
  const size_t marks = line.find_first_not_of('#');
  return marks != 0 && marks != std::string_view::npos && marks <= 6 && line[marks] == ' ';
}

bool is_blank(std::string_view line) { return std::all_of(line.begin(), line.end(), is_space); }

std::string_view line_from(std::string_view text, size_t start) {
  return text.substr(start, text.find('\n', start) - start);
}

float strength_before_line(std::string_view text, size_t line_start, bool after_blank) {
  const std::string_view line = line_from(text, line_start);
  if (is_heading(line)) return kHeading;
  if (is_fence(line)) return kFence;
  if (is_blank(line)) return kParagraph;
  if (!after_blank) return kLine;
  return is_space(line.front()) ? kParagraph : kDefinition;
}

bool ends_sentence(char c) { return c == '.' || c == '!' || c == '?' || c == ':'; }

// Goes back from `position` to the start of its UTF-8 character. Where that is not after `floor`,
// it stays where it is.
size_t character_start(std::string_view text, size_t position, size_t floor) {
  size_t at = position;
  while (at > floor && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80) {
    --at;
  }
  return at > floor ? at : position;
}

}  // namespace

PassageCursor::PassageCursor(std::string_view text, const PassageOptions& options)
    : text_(text), options_(options) {
  // A passage ends in the second half of its window. With more overlap than this, passages would
  // hardly advance.
  options_.overlap = std::min(options_.overlap, options_.target / 4);
}

// The best place in the second half of [start, limit) to end a passage.
size_t PassageCursor::best_cut(size_t start, size_t limit) const {
  const size_t soonest = start + (limit - start) / kSoonest;
  const auto window = static_cast<float>(limit - start);
  size_t best = character_start(text_, limit, start);
  float best_worth = 0;
  bool in_fence = false;
  bool after_blank = false;
  size_t line_start = start;
  for (size_t at = start; at < limit; ++at) {
    float strength = 0;
    const char c = text_[at];
    if (c == '\n') {
      const std::string_view line = text_.substr(line_start, at - line_start);
      if (is_fence(line)) in_fence = !in_fence;
      after_blank = is_blank(line);
      line_start = at + 1;
      if (at + 1 < text_.size()) strength = strength_before_line(text_, at + 1, after_blank);
    } else if (is_space(c)) {
      strength = at > start && ends_sentence(text_[at - 1]) ? kSentence : kWord;
    }
    if (strength == 0 || at + 1 < soonest) continue;
    if (in_fence) strength *= kInsideFence;
    const float distance = static_cast<float>(limit - at - 1) / window;
    const float worth = strength * (1 - 1.4F * distance * distance);
    if (worth >= best_worth) {
      best_worth = worth;
      best = at + 1;
    }
  }
  return best;
}

// The start of the next passage: the first line within the overlap before the cut, else the first
// word there.
size_t PassageCursor::overlap_start(size_t start, size_t cut) const {
  const size_t earliest = std::max(start + 1, cut - std::min(cut, options_.overlap));
  const size_t newline = text_.find('\n', earliest);
  if (newline < cut && newline + 1 < cut) return newline + 1;
  const size_t blank = text_.find(' ', earliest);
  return blank < cut ? blank + 1 : cut;
}

uint32_t PassageCursor::line_at(size_t position) {
  const auto begin = text_.begin();
  if (position < counted_) {  // The overlap goes back a little.
    line_ -= static_cast<uint32_t>(std::count(begin + static_cast<ptrdiff_t>(position),
                                              begin + static_cast<ptrdiff_t>(counted_), '\n'));
  } else {
    line_ += static_cast<uint32_t>(std::count(begin + static_cast<ptrdiff_t>(counted_),
                                              begin + static_cast<ptrdiff_t>(position), '\n'));
  }
  counted_ = position;
  return line_;
}

bool PassageCursor::next(Passage& passage) {
  while (position_ < text_.size() && is_space(text_[position_])) ++position_;
  if (position_ == text_.size()) return false;
  const size_t start = position_;
  size_t end = text_.size();
  // What remains is not cut where it is only a little longer than the target.
  if (end - start > options_.target + options_.overlap) {
    end = best_cut(start, start + options_.target);
    position_ = overlap_start(start, end);
  } else {
    position_ = end;
  }
  while (end > start && is_space(text_[end - 1])) --end;
  passage = {start, end, line_at(start)};
  return true;
}

}  // namespace vexfs::text
