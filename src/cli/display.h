// What commands print: paths as the user would type them, and colour where it is wanted.
#ifndef VEXFS_CLI_DISPLAY_H_
#define VEXFS_CLI_DISPLAY_H_

#include <string>
#include <string_view>

#include "cli/json_fields.h"

namespace vexfs::cli {

// A terminal, and NO_COLOR is not set.
bool wants_colour();

// A path of a reply, relative to `directory` as it was given on the command line: like grep and
// find, with the directory before it, unless that is ".".
std::string shown_path(std::string_view directory, std::string_view path);

enum class HitStyle {
  kScores,  // "0.8312  travel/passport.md", a line number behind the path where there is one.
  kNames,   // The path alone.
};
// The lines of the hits of a reply.
std::string shown_hits(const Json& reply, std::string_view directory, HitStyle style, bool colour);

// Each group's paths, a line each; an empty line between groups.
std::string shown_duplicates(const Json& reply, std::string_view directory);

// "1.5 MiB"
std::string shown_bytes(uint64_t bytes);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_DISPLAY_H_
