// A test for each of the rules in text/tokenizer.h.
#include "text/tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace vexfs::text {
namespace {

std::vector<std::string> tokens(std::string_view text) {
  std::vector<std::string> found;
  Tokenizer tokenizer(text);
  for (std::string_view token = tokenizer.next(); !token.empty(); token = tokenizer.next()) {
    found.emplace_back(token);
  }
  return found;
}

using Tokens = std::vector<std::string>;

TEST(TokenizerTest, LowersAndSeparates) {
  EXPECT_EQ(tokens("How do I renew my passport?"),
            (Tokens{"how", "do", "i", "renew", "my", "passport"}));
  EXPECT_EQ(tokens("snake_case and-more/things.txt"),
            (Tokens{"snake", "case", "and", "more", "things", "txt"}));
  EXPECT_EQ(tokens(""), Tokens{});
  EXPECT_EQ(tokens("  \n\t.,;"), Tokens{});
}

TEST(TokenizerTest, SplitsCamelCaseButNotCapitals) {
  EXPECT_EQ(tokens("openFileHandle"), (Tokens{"open", "file", "handle"}));
  EXPECT_EQ(tokens("HTTPServer utf8Name"), (Tokens{"httpserver", "utf8name"}));
}

TEST(TokenizerTest, DropsPossessives) {
  EXPECT_EQ(tokens("Ann's don't it's"), (Tokens{"ann", "don", "it"}));
  EXPECT_EQ(tokens("o'sullivan 'tis"), (Tokens{"o", "sullivan", "tis"}));
}

TEST(TokenizerTest, FoldsAccentedLatin) {
  EXPECT_EQ(tokens("Café Ñandú Łódź"), (Tokens{"cafe", "nandu", "lodz"}));
  EXPECT_EQ(tokens("caféBar"), (Tokens{"cafe", "bar"}));
  EXPECT_EQ(tokens("3\u00d74"), (Tokens{"3", "4"}));
  EXPECT_EQ(tokens("it\u2019s"), (Tokens{"it", "s"}));
}

TEST(TokenizerTest, KeepsRunsOfOtherScripts) {
  EXPECT_EQ(tokens("Привет мир"), (Tokens{"Привет", "мир"}));
  EXPECT_EQ(tokens("γλώσσα2"), (Tokens{"γλώσσα2"}));
}

TEST(TokenizerTest, TakesCjkOneByOne) {
  EXPECT_EQ(tokens("日本go語"), (Tokens{"日", "本", "go", "語"}));
  EXPECT_EQ(tokens("한국"), (Tokens{"한", "국"}));
}

TEST(TokenizerTest, PassesOverWhatIsNotUtf8) {
  EXPECT_EQ(tokens("ab\xff\xfe"
                   "cd"),
            (Tokens{"abcd"}))
      << "0xff leads a sequence that does not follow";
  EXPECT_EQ(tokens("ab\x80"
                   "cd"),
            (Tokens{"abcd"}))
      << "a stray continuation byte is as if it were not there";
  EXPECT_EQ(tokens("end\xe2\x82"), (Tokens{"end"}));
}

TEST(TokenizerTest, PassesOverWordsThatAreTooLong) {
  const std::string longest(limits::kTokenBytesMax, 'a');
  EXPECT_EQ(tokens("x " + longest + " y"), (Tokens{"x", longest, "y"}));
  EXPECT_EQ(tokens("x " + longest + "a y"), (Tokens{"x", "y"}));
}

TEST(TokenizerTest, SaysWhereItIs) {
  Tokenizer tokenizer("one two");
  EXPECT_EQ(tokenizer.next(), "one");
  EXPECT_EQ(tokenizer.position(), 4u);
  EXPECT_EQ(tokenizer.next(), "two");
  EXPECT_EQ(tokenizer.position(), 7u);
}

}  // namespace
}  // namespace vexfs::text
