// Prints one line a hit, more with context. Control characters are taken out of passages always,
// and out of paths where the output is a terminal: a file's name or text must not command it.
#include "cli/printing/hit_lines.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "cli/printing/display.h"
#include "cli/printing/passage_line.h"
#include "cli/printing/terminal.h"

namespace vexfs::cli {
namespace {

constexpr std::string_view kMarkColour = "\033[1;31m";
constexpr std::string_view kFaint = "\033[2m";
// The least width that a passage gets, on the terminal's next line if the path fills the first.
constexpr size_t kPassageColumnsMin = 30;

class Lines {
 public:
  Lines(std::string_view query, std::string_view directory, const HitLinesStyle& style)
      : words_(query), directory_(directory), style_(style) {}

  void add(const Json& hit) {
    std::string path = shown_path(directory_, text_in(hit, "path"));
    if (style_.columns != 0) path = printable(path);
    if (style_.scores) add_scores(hit);
    const std::string passage = text_in(hit, "text");
    const uint64_t first = number_in(hit, "line");
    if (style_.paths_only || (passage.empty() && first == 0)) {
      coloured(kPathColour, path);
      text_ += style_.zero_after_path ? '\0' : '\n';
      return;
    }
    const std::vector<std::string_view> lines = lines_of(passage);
    const size_t best = best_line(lines, words_);
    size_t begin = best - std::min<size_t>(best, style_.context);
    const size_t end = std::min<size_t>(lines.size(), best + style_.context + 1);
    if (style_.context != 0 && any_) text_ += "--\n";
    any_ = true;
    for (; begin < end; ++begin) {
      const Place place = {path, std::max<uint64_t>(first, 1) + begin, begin == best};
      add_line(place, lines[begin], number_in(hit, "duplicates"));
    }
  }

  std::string take() { return std::move(text_); }

 private:
  struct Place {
    const std::string& path;
    uint64_t number = 0;
    bool best = false;
  };

  void coloured(std::string_view colour, std::string_view text) {
    if (style_.colour) text_ += colour;
    text_ += text;
    if (style_.colour) text_ += kPlainColour;
  }

  void add_scores(const Json& hit) {
    char scores[64];
    std::snprintf(scores, sizeof(scores), "%.2f", real_in(hit, "score"));
    coloured(kScoreColour, scores);
    const Json& semantic = member(hit, "semantic");
    const Json& lexical = member(hit, "lexical");
    std::snprintf(scores, sizeof(scores), " (meaning %.2f, words %.2f)  ",
                  semantic.is_number() ? real_in(hit, "semantic") : 0.0,
                  lexical.is_number() ? real_in(hit, "lexical") : 0.0);
    coloured(kFaint, scores);
  }

  void add_line(const Place& place, std::string_view raw, uint64_t duplicates) {
    const char* mark = place.best ? ":" : "-";
    const std::string number = std::to_string(place.number);
    coloured(kPathColour, place.path);
    text_ += style_.zero_after_path ? std::string(1, '\0') : mark;
    coloured(kLineColour, number);
    text_ += mark;
    std::string line = printable(raw);
    if (style_.context == 0) line.erase(0, line.find_first_not_of(' '));
    if (line.empty()) {
      text_ += '\n';
      return;
    }
    text_ += ' ';
    std::vector<Mark> marks = words_.marks(line);
    const size_t before = display_columns(place.path) + number.size() + 3;
    const size_t room = style_.columns - std::min<size_t>(style_.columns, before);
    line = fitted(line, style_.columns == 0 ? 0 : std::max(room, kPassageColumnsMin), marks);
    add_marked(line, marks);
    if (place.best && style_.colour && duplicates != 0) {
      coloured(kFaint, " (" + std::to_string(duplicates) + " more say the same)");
    }
    text_ += '\n';
  }

  void add_marked(std::string_view line, const std::vector<Mark>& marks) {
    size_t at = 0;
    if (style_.colour) {
      for (const Mark& mark : marks) {
        text_ += line.substr(at, mark.start - at);
        coloured(kMarkColour, line.substr(mark.start, mark.end - mark.start));
        at = mark.end;
      }
    }
    text_ += line.substr(at);
  }

  const QueryWords words_;
  const std::string_view directory_;
  const HitLinesStyle& style_;
  std::string text_;
  bool any_ = false;
};

}  // namespace

std::string hit_lines(const Json& reply, std::string_view query, std::string_view directory,
                      const HitLinesStyle& style) {
  Lines lines(query, directory, style);
  for (const Json& hit : array_in(reply, "hits")) lines.add(hit);
  return lines.take();
}

}  // namespace vexfs::cli
