// TextBuilder: collects the text of a document. White space is collapsed, paragraphs are separated
// by empty lines, and headings start with '#', which is what PassageCursor (text/passages.h) looks
// for.
#ifndef VEXFS_EXTRACT_TEXT_BUILDER_H_
#define VEXFS_EXTRACT_TEXT_BUILDER_H_

#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"

namespace vexfs::extract {

// Texts are UTF-8. One thread uses it.
class TextBuilder {
 public:
  // Appends text. White space becomes one blank, or nothing at the start of a line.
  void words(std::string_view text) {
    for (const char c : text) {
      if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
        blank_ = true;
      } else {
        put(c);
      }
    }
  }
  // Appends text as it is, line breaks included.
  void verbatim(std::string_view text) {
    flush_breaks();
    text_.append(text);
    at_line_start_ = text.ends_with('\n');
  }
  // What follows starts on a new line, after an empty line, as a heading, or as an item of a list.
  void line_break() { breaks_ = breaks_ < 1 ? 1 : breaks_; }
  void paragraph() { breaks_ = 2; }
  void heading(int level) {
    paragraph();
    flush_breaks();
    text_.append(static_cast<size_t>(level), '#').push_back(' ');
    blank_ = false;
  }
  void item() {
    line_break();
    flush_breaks();
    text_.append("- ");
    blank_ = false;
  }

  // Whether there is more text than is kept of a document; then the caller gives up.
  bool full() const { return text_.size() > limits::kExtractedBytesMax; }
  std::string take() {
    if (!text_.empty() && !text_.ends_with('\n')) text_.push_back('\n');
    return std::move(text_);
  }

 private:
  void flush_breaks() {
    if (!text_.empty()) {
      if (at_line_start_ && breaks_ > 0) --breaks_;
      text_.append(breaks_, '\n');
      at_line_start_ = at_line_start_ || breaks_ > 0;
    }
    if (breaks_ > 0) blank_ = false;
    breaks_ = 0;
  }
  void put(char c) {
    flush_breaks();
    if (blank_ && !at_line_start_ && !text_.empty()) text_.push_back(' ');
    blank_ = false;
    at_line_start_ = false;
    text_.push_back(c);
  }

  std::string text_;
  size_t breaks_ = 0;   // Line breaks to write before the next text.
  bool blank_ = false;  // Write a blank before the next text.
  bool at_line_start_ = false;
};

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_TEXT_BUILDER_H_
