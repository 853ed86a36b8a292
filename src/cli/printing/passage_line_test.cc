// Which line of a passage is shown, how much of it, and what is marked.
#include "cli/printing/passage_line.h"

#include <gtest/gtest.h>

#include "cli/printing/terminal.h"

namespace vexfs::cli {
namespace {

std::string marked(std::string_view query, std::string line, size_t columns = 0) {
  std::vector<Mark> marks = QueryWords(query).marks(line);
  line = fitted(line, columns, marks);
  for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
    line.insert(mark->end, "]").insert(mark->start, "[");
  }
  return line;
}

TEST(PassageLineTest, MarksTheWordsOfTheQuery) {
  EXPECT_EQ(marked("renew my passport", "Renewal of the PASSPORT, passports renewed"),
            "[Renewal] of the [PASSPORT], [passports] [renewed]");
  EXPECT_EQ(marked("cafe", "Das Café"), "Das [Café]");
  EXPECT_EQ(marked("open file", "int openFile(open_file)"), "int [openFile]([open]_[file])");
  EXPECT_EQ(marked("漢字", "この漢字は"), "この[漢字]は");
  EXPECT_EQ(marked("plan", "a planet"), "a planet");
  EXPECT_EQ(marked("the of", "the end of it"), "[the] end [of] it");
  EXPECT_EQ(marked("the end", "the end"), "the [end]");
  EXPECT_EQ(marked("", "text"), "text");
}

TEST(PassageLineTest, Lines) {
  EXPECT_EQ(lines_of("a \r\n\n b\n"), (std::vector<std::string_view>{"a", "", " b", ""}));
  EXPECT_EQ(lines_of(""), std::vector<std::string_view>{""});
}

TEST(PassageLineTest, TheBestLineHasMostOfTheWords) {
  const auto lines = lines_of("\nsoup\ntomato soup\nsoup soup tomato\n");
  EXPECT_EQ(best_line(lines, QueryWords("tomato soup")), 2U);
  EXPECT_EQ(best_line(lines, QueryWords("bread")), 1U);
  EXPECT_EQ(best_line(lines_of("\n\n"), QueryWords("bread")), 0U);
  EXPECT_EQ(best_line({}, QueryWords("bread")), 0U);
}

TEST(PassageLineTest, LongLinesAreCutAroundTheFirstMark) {
  std::string long_line;
  for (int i = 0; i < 40; ++i) long_line += "word ";
  EXPECT_EQ(marked("begin", "begin " + long_line, 20), "[begin] word word wor…");
  EXPECT_EQ(marked("needle", long_line + "needle " + long_line, 30),
            "…word [needle] word word word w…");
  EXPECT_EQ(marked("needle", long_line + "needle", 20), "…word [needle]");
  EXPECT_EQ(marked("x", "short x", 20), "short [x]");
}

TEST(PassageLineTest, FitsAnyWidth) {
  const std::string line = "漢字 naïve — an unbreakable" + std::string(300, 'x') + " needle, 漢字";
  for (size_t columns = 1; columns < 80; ++columns) {
    std::vector<Mark> marks = QueryWords("needle 漢字").marks(line);
    const std::string text = fitted(line, columns, marks);
    EXPECT_LE(display_columns(text), columns) << text;
    for (const Mark& mark : marks) {
      EXPECT_LT(mark.start, mark.end);
      EXPECT_LE(mark.end, text.size());
    }
  }
}

}  // namespace
}  // namespace vexfs::cli
