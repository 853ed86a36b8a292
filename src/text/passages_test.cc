// Where texts are cut, and that every byte is in some passage.
#include "text/passages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace vexfs::text {
namespace {

std::vector<Passage> passages(std::string_view text, const PassageOptions& options = {}) {
  std::vector<Passage> found;
  PassageCursor cursor(text, options);
  for (Passage passage; cursor.next(passage);) found.push_back(passage);
  return found;
}

std::string words(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text += "word" + std::to_string(i) + " ";
  return text;
}

TEST(PassagesTest, AShortTextIsOnePassage) {
  const auto found = passages("\n\n  Dear Ann,\nyours, Bob.\n\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].start, 4U);
  EXPECT_EQ(found[0].end, 25U);
  EXPECT_EQ(found[0].line, 3U);
}

TEST(PassagesTest, WhiteSpaceHasNone) {
  EXPECT_TRUE(passages("").empty());
  EXPECT_TRUE(passages(" \n\t \r\n").empty());
}

TEST(PassagesTest, EveryByteIsInSomePassage) {
  const std::string text = words(3000);
  const auto found = passages(text);
  ASSERT_GT(found.size(), 10U);
  EXPECT_EQ(found.front().start, 0U);
  EXPECT_EQ(found.back().end, text.size() - 1);
  for (size_t i = 0; i + 1 < found.size(); ++i) {
    EXPECT_LT(found[i].start, found[i + 1].start);
    EXPECT_LT(found[i].end, found[i + 1].end);
    EXPECT_LT(found[i + 1].start, found[i].end) << "they overlap";
    EXPECT_LE(found[i].end - found[i].start, PassageOptions().target);
  }
}

TEST(PassagesTest, CutsBeforeHeadings) {
  const std::string text = words(110) + "\n\n# Second\n\n" + words(200);
  const auto found = passages(text);
  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(text.find("\n\n# Second"), found[0].end + 1) << "the blank before it is trimmed";
}

TEST(PassagesTest, CutsBetweenFunctions) {
  std::string text;
  std::vector<size_t> starts;
  for (int i = 0; i < 12; ++i) {
    starts.push_back(text.size());
    text += "int function" + std::to_string(i) + "() {\n";
    for (int line = 0; line < 14; ++line) text += "  call_something(line);\n";
    text += "}\n\n";
  }
  for (const Passage& passage : passages(text)) {
    if (passage.end + 1 == text.size()) continue;
    EXPECT_EQ(text.substr(passage.end - 2, 4), "\n}\n\n") << passage.end;
  }
}

TEST(PassagesTest, CutsNotInsideAFence) {
  const std::string fence = "```\n" + words(60) + "\n\n" + words(20) + "\n```\n";
  const std::string text = words(75) + "\n" + fence + words(200);
  const size_t fence_start = text.find("```");
  const size_t fence_end = fence_start + fence.size();
  for (const Passage& passage : passages(text)) {
    EXPECT_FALSE(passage.end > fence_start + 4 && passage.end < fence_end - 5) << passage.end;
  }
}

TEST(PassagesTest, AnEndlessWordIsCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "\u00e9";
  const auto found = passages(text);
  ASSERT_GT(found.size(), 3U);
  for (const Passage& passage : found) {
    EXPECT_EQ(passage.start % 2, 0U);
    EXPECT_EQ(passage.end % 2, 0U);
  }
  EXPECT_EQ(found.back().end, text.size());
}

TEST(PassagesTest, CountsLines) {
  std::string text;
  for (int i = 1; i <= 400; ++i) text += "line " + std::to_string(i) + " of the text\n";
  for (const Passage& passage : passages(text)) {
    const auto newlines =
        std::count(text.begin(), text.begin() + static_cast<long>(passage.start), '\n');
    EXPECT_EQ(passage.line, newlines + 1);
    EXPECT_EQ(text.substr(passage.start, 5), "line ");
  }
}

}  // namespace
}  // namespace vexfs::text
