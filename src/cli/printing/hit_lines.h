// The hits of a text as grep would print them: path:line: the line of the passage that matches
// best.
#ifndef VEXFS_CLI_PRINTING_HIT_LINES_H_
#define VEXFS_CLI_PRINTING_HIT_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/tree/json_fields.h"

namespace vexfs::cli {

struct HitLinesStyle {
  bool paths_only = false;
  bool scores = false;  // Before the path: the score, and what of it meaning and words are.
  bool zero_after_path = false;  // Instead of a colon or the line's end.
  bool colour = false;
  unsigned columns = 0;  // Of the terminal: lines are fitted, and paths say nothing to it; 0: none.
  uint32_t context = 0;  // Lines of the passage before and after, as grep's -C.
};

// `query` says which words count and are marked; `directory` is as for shown_path().
std::string hit_lines(const Json& reply, std::string_view query, std::string_view directory,
                      const HitLinesStyle& style);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_HIT_LINES_H_
