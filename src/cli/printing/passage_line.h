// From a passage to the line of it that is shown, and the words that are marked there.
#ifndef VEXFS_CLI_PRINTING_PASSAGE_LINE_H_
#define VEXFS_CLI_PRINTING_PASSAGE_LINE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vexfs::cli {

struct Mark {
  size_t start = 0;  // Bytes of a line.
  size_t end = 0;
};

// The words of a query, by the rules of the index: folded, identifiers in parts. Words that every
// text has ("the") count only where the query has no other.
class QueryWords {
 public:
  explicit QueryWords(std::string_view query);

  // Where they stand, in order and apart. "renew" marks "renewal" and "renewed" too.
  std::vector<Mark> marks(std::string_view line) const;
  // How many of them a line has.
  size_t count(std::string_view line) const;

 private:
  size_t find(std::string_view term) const;  // words_.size() where it is none.

  std::vector<std::string> words_;
};

// Without blanks and carriage returns at the end of each.
std::vector<std::string_view> lines_of(std::string_view passage);

// The line that has most of the words, the first of equals; where none has any, the first that is
// not blank. 0 of no lines.
size_t best_line(const std::vector<std::string_view>& lines, const QueryWords& words);

// At most `columns` wide (0: as it is): where it is too long, the part around the first mark, with
// an ellipsis for what is left out. Marks are moved along, and go where they are cut off.
std::string fitted(std::string_view line, size_t columns, std::vector<Mark>& marks);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_PASSAGE_LINE_H_
