// The rules of gitignore(5), and globs whose naive matching would take exponential time.
#include "text/ignore_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace vexfs::text {
namespace {

using Verdict = IgnoreRules::Verdict;

TEST(GlobTest, StarsStopAtSlashes) {
  EXPECT_TRUE(glob_matches("*.o", "main.o"));
  EXPECT_FALSE(glob_matches("*.o", "src/main.o"));
  EXPECT_TRUE(glob_matches("src/*.o", "src/main.o"));
  EXPECT_FALSE(glob_matches("src/*", "src/a/b"));
  EXPECT_TRUE(glob_matches("a*b*c", "axxbyyc"));
  EXPECT_FALSE(glob_matches("a*b*c", "axxbyy"));
  EXPECT_TRUE(glob_matches("*", "anything"));
  EXPECT_FALSE(glob_matches("?", "/"));
}

TEST(GlobTest, TwoStarsDoNot) {
  EXPECT_TRUE(glob_matches("**/foo", "foo"));
  EXPECT_TRUE(glob_matches("**/foo", "a/b/foo"));
  EXPECT_FALSE(glob_matches("**/foo", "a/b/foobar"));
  EXPECT_TRUE(glob_matches("a/**/b", "a/b"));
  EXPECT_TRUE(glob_matches("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(glob_matches("a/**/b", "ab"));
  EXPECT_TRUE(glob_matches("abc/**", "abc/x/y"));
  EXPECT_FALSE(glob_matches("abc/**", "abc"));
  EXPECT_TRUE(glob_matches("**/a/**/b*", "x/a/y/a/z/bc"));
  EXPECT_TRUE(glob_matches("a**b", "axb"));
  EXPECT_FALSE(glob_matches("a**b", "a/b"));
}

TEST(GlobTest, BracketsAndEscapes) {
  EXPECT_TRUE(glob_matches("[a-c]x", "bx"));
  EXPECT_FALSE(glob_matches("[!a-c]x", "bx"));
  EXPECT_TRUE(glob_matches("[]]", "]"));
  EXPECT_TRUE(glob_matches("[a", "[a"));
  EXPECT_FALSE(glob_matches("[!a]", "/"));
  EXPECT_TRUE(glob_matches("\\*", "*"));
  EXPECT_FALSE(glob_matches("\\*", "x"));
  EXPECT_TRUE(glob_matches("[\\]]", "]"));
}

TEST(GlobTest, ManyStarsEnd) {
  std::string glob;
  for (int i = 0; i < 200; ++i) glob += "a*";
  EXPECT_FALSE(glob_matches(glob + "b", std::string(5000, 'a')));
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "**/a/";
  std::string path;
  for (int i = 0; i < 2000; ++i) path += "a/";
  EXPECT_FALSE(glob_matches(deep + "b", path + "c"));
}

TEST(IgnoreRulesTest, ReadsLines) {
  const IgnoreRules rules = IgnoreRules::parse(
      "# comment\r\n\n*.log   \n!keep.log\nbuild/\n/top\ndoc/*.txt\n\\#odd\nspace\\ \n");
  EXPECT_EQ(rules.judge("a/b.log", false), Verdict::kIgnored);
  EXPECT_EQ(rules.judge("a/keep.log", false), Verdict::kKept);
  EXPECT_EQ(rules.judge("x/build", true), Verdict::kIgnored);
  EXPECT_EQ(rules.judge("x/build", false), Verdict::kNone);
  EXPECT_EQ(rules.judge("top", false), Verdict::kIgnored);
  EXPECT_EQ(rules.judge("x/top", false), Verdict::kNone);
  EXPECT_EQ(rules.judge("doc/a.txt", false), Verdict::kIgnored);
  EXPECT_EQ(rules.judge("doc/server/a.txt", false), Verdict::kNone);
  EXPECT_EQ(rules.judge("#odd", false), Verdict::kIgnored);
  EXPECT_EQ(rules.judge("space ", false), Verdict::kIgnored);
}

TEST(IgnoreRulesTest, TheLastRuleDecides) {
  const IgnoreRules rules = IgnoreRules::parse("*\n!*.md\nsecret.md");
  EXPECT_EQ(rules.judge("a.c", false), Verdict::kIgnored);
  EXPECT_EQ(rules.judge("a.md", false), Verdict::kKept);
  EXPECT_EQ(rules.judge("secret.md", false), Verdict::kIgnored);
  EXPECT_TRUE(IgnoreRules::parse("\n#\n!\n/\n").empty());
}

TEST(IgnoreRulesTest, TakesABoundedNumber) {
  std::string file;
  for (size_t i = 0; i < limits::kIgnoreRulesMax; ++i) file += "x\n";
  EXPECT_EQ(IgnoreRules::parse(file + "late\n").judge("late", false), Verdict::kNone);
}

}  // namespace
}  // namespace vexfs::text
