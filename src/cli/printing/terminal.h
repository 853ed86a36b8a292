// What is known of a terminal, and text that fits into its lines.
#ifndef VEXFS_CLI_PRINTING_TERMINAL_H_
#define VEXFS_CLI_PRINTING_TERMINAL_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace vexfs::cli {

// A terminal, and NO_COLOR is not set.
bool wants_colour();

// Columns of the terminal behind a descriptor, 80 where they are not known; 0: no terminal.
unsigned terminal_columns(int descriptor);

// Columns that UTF-8 takes: 2 for Chinese, Japanese and Korean characters, 0 for marks that
// combine. What is not valid takes one a byte.
size_t display_columns(std::string_view text);

// Bytes at the beginning that take at most so many columns; whole characters.
size_t bytes_of_columns(std::string_view text, size_t columns);

// With nothing in it that moves the cursor or speaks to the terminal: control characters, the
// bidirectional ones included, become blanks, and so does what is no UTF-8.
std::string printable(std::string_view text);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_PRINTING_TERMINAL_H_
