// Chooses the line of a passage that has most of the query's words, and the part of it that fits.
#include "cli/printing/passage_line.h"

#include <algorithm>

#include "cli/printing/terminal.h"
#include "text/lexical_terms.h"

namespace vexfs::cli {
namespace {

constexpr std::string_view kEllipsis = "…";

// Two words count as the same to a reader if the longer is the shorter with an ending of up to
// three bytes. This is for marks only; the index compares whole terms.
constexpr size_t kStemBytesMin = 5;
constexpr size_t kEndingBytesMax = 3;

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() == b.size()) return a == b;
  return a.size() >= kStemBytesMin && b.size() - a.size() <= kEndingBytesMax && b.starts_with(a);
}

std::string_view without_end(std::string_view line) {
  const size_t last = line.find_last_not_of(" \t\r\f\v");
  return last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
}

// Where the shown part of a line begins, at the beginning of a word, so that `mark` is seen with
// some of what stands before it.
size_t window_start(std::string_view line, size_t mark, size_t columns) {
  if (display_columns(line.substr(0, mark)) <= columns * 2 / 3) return 0;
  const size_t before = columns / 4;
  size_t start = mark;
  for (size_t at = 0; at < mark;) {
    if (display_columns(line.substr(at, mark - at)) <= before) {
      start = at;
      break;
    }
    const size_t blank = line.find(' ', at);
    at = blank == std::string_view::npos ? mark : blank + 1;
  }
  return start;
}

}  // namespace

QueryWords::QueryWords(std::string_view query) {
  std::vector<std::string> common;
  text::lexical_terms(query, text::TermsFor::kQuery, [&](const text::LexicalTerm& term) {
    std::vector<std::string>& list = text::is_stop_word(term.term) ? common : words_;
    if (std::find(list.begin(), list.end(), term.term) == list.end()) list.emplace_back(term.term);
    return true;
  });
  if (words_.empty()) words_ = std::move(common);
}

size_t QueryWords::find(std::string_view term) const {
  const auto at = std::find_if(words_.begin(), words_.end(),
                               [&](const std::string& word) { return same_word(word, term); });
  return static_cast<size_t>(at - words_.begin());
}

// An identifier is several terms at overlapping places, whose marks become one.
std::vector<Mark> QueryWords::marks(std::string_view line) const {
  std::vector<Mark> marks;
  text::lexical_terms(line, text::TermsFor::kIndex, [&](const text::LexicalTerm& term) {
    if (find(term.term) < words_.size()) marks.push_back({term.start, term.end});
    return true;
  });
  std::sort(marks.begin(), marks.end(),
            [](const Mark& a, const Mark& b) { return a.start < b.start; });
  std::vector<Mark> apart;
  for (const Mark& mark : marks) {
    if (!apart.empty() && mark.start <= apart.back().end) {
      apart.back().end = std::max(apart.back().end, mark.end);
    } else {
      apart.push_back(mark);
    }
  }
  return apart;
}

size_t QueryWords::count(std::string_view line) const {
  std::vector<bool> seen(words_.size() + 1, false);
  size_t count = 0;
  text::lexical_terms(line, text::TermsFor::kIndex, [&](const text::LexicalTerm& term) {
    const size_t word = find(term.term);
    if (word < words_.size() && !seen[word]) ++count;
    seen[word] = true;
    return true;
  });
  return count;
}

std::vector<std::string_view> lines_of(std::string_view passage) {
  std::vector<std::string_view> lines;
  for (;;) {
    const size_t end = passage.find('\n');
    lines.push_back(without_end(passage.substr(0, end)));
    if (end == std::string_view::npos) break;
    passage.remove_prefix(end + 1);
  }
  return lines;
}

size_t best_line(const std::vector<std::string_view>& lines, const QueryWords& words) {
  size_t best = lines.size();
  size_t most = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const size_t count = words.count(lines[i]);
    if (best == lines.size() || count > most) {
      best = i;
      most = count;
    }
  }
  return best == lines.size() ? 0 : best;
}

std::string fitted(std::string_view line, size_t columns, std::vector<Mark>& marks) {
  if (columns == 0 || display_columns(line) <= columns) return std::string(line);
  const size_t start = window_start(line, marks.empty() ? 0 : marks.front().start, columns);
  const std::string_view lead = start == 0 ? std::string_view() : kEllipsis;
  const size_t room = columns - std::min(columns, start == 0 ? size_t{0} : size_t{1});
  std::string_view shown = line.substr(start);
  const bool cut = display_columns(shown) > room;
  if (cut) shown = without_end(shown.substr(0, bytes_of_columns(shown, room - (room > 0 ? 1 : 0))));
  std::vector<Mark> kept;
  for (const Mark& mark : marks) {
    if (mark.start < start || mark.start >= start + shown.size()) continue;
    kept.push_back(
        {mark.start - start + lead.size(), std::min(mark.end - start, shown.size()) + lead.size()});
  }
  marks = std::move(kept);
  std::string text(lead);
  text.append(shown);
  if (cut) text.append(kEllipsis);
  return text;
}

}  // namespace vexfs::cli
