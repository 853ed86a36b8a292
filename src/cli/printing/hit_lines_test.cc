// The hits of a text as lines: context, colour, width, zero bytes.
#include "cli/printing/hit_lines.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vexfs::cli {
namespace {

const Json kReply = Json::parse(R"({"hits":[
  {"path":"a.md","score":0.75,"semantic":0.5,"lexical":1,"line":7,"duplicates":2,
   "text":"# Papers\n\n  Renew the passport early.\nBring photos.\n"},
  {"path":"b/c.pdf","score":0.25,"line":1,"text":"The passport office"}]})");

std::string shown(const HitLinesStyle& style, std::string_view directory = ".") {
  return hit_lines(kReply, "renew passport", directory, style);
}

TEST(HitLinesTest, OneLineAHit) {
  EXPECT_EQ(shown({}),
            "a.md:9: Renew the passport early.\n"
            "b/c.pdf:1: The passport office\n");
  EXPECT_EQ(shown({}, "docs"),
            "docs/a.md:9: Renew the passport early.\n"
            "docs/b/c.pdf:1: The passport office\n");
}

TEST(HitLinesTest, PathsAndZeroBytes) {
  EXPECT_EQ(shown({.paths_only = true}), "a.md\nb/c.pdf\n");
  EXPECT_EQ(shown({.paths_only = true, .zero_after_path = true}),
            std::string("a.md\0b/c.pdf\0", 13));
  EXPECT_EQ(shown({.zero_after_path = true}).substr(0, 7), std::string("a.md\0009:", 7));
}

TEST(HitLinesTest, Context) {
  EXPECT_EQ(shown({.context = 1}),
            "a.md-8-\n"
            "a.md:9:   Renew the passport early.\n"
            "a.md-10- Bring photos.\n"
            "--\n"
            "b/c.pdf:1: The passport office\n");
}

TEST(HitLinesTest, Scores) {
  EXPECT_EQ(shown({.paths_only = true, .scores = true}),
            "0.75 (meaning 0.50, words 1.00)  a.md\n"
            "0.25 (meaning 0.00, words 0.00)  b/c.pdf\n");
}

TEST(HitLinesTest, ColourMarksTheWords) {
  const std::string lines = shown({.colour = true, .columns = 80});
  EXPECT_EQ(lines.substr(0, lines.find('\n')),
            "\033[35ma.md\033[0m:\033[36m9\033[0m: \033[1;31mRenew\033[0m the "
            "\033[1;31mpassport\033[0m early.\033[2m (2 more say the same)\033[0m");
}

TEST(HitLinesTest, FitsATerminalAndSaysNothingToIt) {
  const Json reply = Json::parse(R"({"hits":[{"path":"a\u001b[2Jb","line":1,
    "text":"one two three four five six seven eight nine ten\u001b[31m eleven"}]})");
  EXPECT_EQ(hit_lines(reply, "zero", ".", {.columns = 40}),
            "a [2Jb:1: one two three four five six s…\n");
  EXPECT_EQ(hit_lines(reply, "eleven", ".", {}),
            "a\033[2Jb:1: one two three four five six seven eight nine ten [31m eleven\n");
}

TEST(HitLinesTest, HitsWithoutAPassage) {
  const Json reply =
      Json::parse(R"({"hits":[{"path":"a"},{"path":"b","line":3},{"path":"c","text":"x"},4]})");
  EXPECT_EQ(hit_lines(reply, "x", ".", {}), "a\nb:3:\nc:1: x\n\n");
  EXPECT_EQ(hit_lines(Json::parse("{}"), "x", ".", {}), "");
}

}  // namespace
}  // namespace vexfs::cli
