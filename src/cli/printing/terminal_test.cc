// Widths of characters, and which characters must not reach a terminal.
#include "cli/printing/terminal.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace vexfs::cli {
namespace {

TEST(TerminalTest, Columns) {
  EXPECT_EQ(display_columns(""), 0U);
  EXPECT_EQ(display_columns("abc"), 3U);
  EXPECT_EQ(display_columns("naïve"), 5U);
  EXPECT_EQ(display_columns("nai\u0308ve"), 5U);
  EXPECT_EQ(display_columns("漢字"), 4U);
  EXPECT_EQ(display_columns("a\xFF"), 2U);
}

TEST(TerminalTest, CutsBetweenCharacters) {
  EXPECT_EQ(bytes_of_columns("naïve", 3), 4U);
  EXPECT_EQ(bytes_of_columns("漢字", 3), 3U);
  EXPECT_EQ(bytes_of_columns("nai\u0308ve", 3), 5U);
  EXPECT_EQ(bytes_of_columns("abc", 9), 3U);
  EXPECT_EQ(bytes_of_columns("", 9), 0U);
  EXPECT_EQ(bytes_of_columns("abc", 0), 0U);
}

TEST(TerminalTest, NothingSpeaksToTheTerminal) {
  EXPECT_EQ(printable("a\tb\x1B[31mc\x7F"), "a b [31mc ");
  EXPECT_EQ(printable("\u202Ea\u0085\xC3"), " a  ");
  EXPECT_EQ(printable("Grüße, 漢字"), "Grüße, 漢字");
}

TEST(TerminalTest, APipeHasNoColumns) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_EQ(terminal_columns(ends[0]), 0U);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace vexfs::cli
