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
  bool scores = false;  // The score and its two parts, meaning and words, stand before the path.
  bool zero_after_path = false;  // A zero byte follows the path instead of a colon or newline.
  bool colour = false;
  unsigned columns = 0;  // Width of the terminal, into which lines are fitted; 0: no terminal.
  uint32_t context = 0;  // Lines of the passage before and after, as grep's -C.
};

// `query` says which words count and are marked; `directory` is as for shown_path().
std::string hit_lines(const Json& reply, std::string_view query, std::string_view directory,
                      const HitLinesStyle& style);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_HIT_LINES_H_
