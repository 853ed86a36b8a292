// Lines across the buffer's end, long lines, and files that end too early.
#include "cli/vectors/byte_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/limits.h"
#include "cli/vectors/testing/temporary_input.h"

namespace vexfs::cli {
namespace {

std::vector<std::string> lines_of(std::string_view bytes) {
  ByteStream stream(file_of(bytes));
  std::vector<std::string> lines;
  for (;;) {
    const auto line = stream.line();
    if (!line.ok()) {
      lines.emplace_back("!");
      continue;
    }
    if (!line.value().has_value()) return lines;
    lines.emplace_back(*line.value());
  }
}

using Lines = std::vector<std::string>;

TEST(ByteStreamTest, SplitsLines) {
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("\n"), Lines{""});
  EXPECT_EQ(lines_of("a\nb"), (Lines{"a", "b"}));
  EXPECT_EQ(lines_of("a\r\n\r\nb\r\n"), (Lines{"a", "", "b"}));
}

TEST(ByteStreamTest, LinesCrossTheBuffersEnd) {
  Lines expected;
  std::string bytes;
  const std::string part(limits::kVectorLineBytesMax - 7, 'x');
  for (int i = 0; i < 12; ++i) {
    expected.push_back(part + std::to_string(i));
    bytes += expected.back() + "\n";
  }
  ASSERT_GT(bytes.size(), 2 * limits::kStreamBufferBytes);
  EXPECT_EQ(lines_of(bytes), expected);
}

TEST(ByteStreamTest, SkipsALongLineAndGoesOn) {
  const std::string longest(limits::kVectorLineBytesMax, 'x');
  const std::string huge(3 * limits::kStreamBufferBytes, 'x');
  EXPECT_EQ(lines_of(longest + "\nend\n"), (Lines{longest, "end"}));
  EXPECT_EQ(lines_of(longest + "y\nend\n"), (Lines{"!", "end"}));
  EXPECT_EQ(lines_of(huge + "\nend"), (Lines{"!", "end"}));
  EXPECT_EQ(lines_of(huge), Lines{"!"});
}

TEST(ByteStreamTest, ReadsExactlyOrSaysThatTheFileIsShort) {
  ByteStream stream(file_of("abcdef"));
  std::array<std::byte, 4> out;
  EXPECT_TRUE(stream.read(out).value());
  EXPECT_EQ(out[3], std::byte{'d'});
  EXPECT_EQ(stream.consumed(), 4u);
  EXPECT_EQ(stream.read(out).error(), ENODATA);
  EXPECT_FALSE(stream.read(out).value());
}

TEST(ByteStreamTest, KnowsTheSizeOfFilesOnly) {
  EXPECT_EQ(ByteStream(file_of("abc")).size(), 3u);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd writing(ends[1]);
  EXPECT_FALSE(ByteStream(Fd(ends[0])).size().has_value());
}

TEST(ByteStreamTest, TellsReadErrors) {
  ByteStream stream(Fd(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  EXPECT_EQ(stream.line().error(), EISDIR);
  std::array<std::byte, 4> out;
  EXPECT_EQ(stream.read(out).error(), EISDIR);
}

}  // namespace
}  // namespace vexfs::cli
