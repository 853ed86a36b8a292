// What commands print: paths as the user would type them, and colour where it is wanted.
#ifndef VEXFS_CLI_PRINTING_DISPLAY_H_
#define VEXFS_CLI_PRINTING_DISPLAY_H_

#include <string>
#include <string_view>

#include "cli/tree/json_fields.h"

namespace vexfs::cli {

// Escape sequences of terminals.
inline constexpr std::string_view kScoreColour = "\033[32m";
inline constexpr std::string_view kPathColour = "\033[35m";
inline constexpr std::string_view kLineColour = "\033[36m";
inline constexpr std::string_view kPlainColour = "\033[0m";

// A path of a reply, relative to `directory` as it was given on the command line: like grep and
// find, with the directory before it, unless that is ".".
std::string shown_path(std::string_view directory, std::string_view path);

// The hits of a vector, "0.8312  travel/passport.md", a line number behind the path where there is
// one.
std::string shown_hits(const Json& reply, std::string_view directory, bool colour);

// Each group's paths, a line each; an empty line between groups.
std::string shown_duplicates(const Json& reply, std::string_view directory);

// "1.5 MiB"
std::string shown_bytes(uint64_t bytes);

// "12,345"
std::string grouped(uint64_t number);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_DISPLAY_H_
