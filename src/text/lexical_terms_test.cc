// Terms for the index and for queries, in several scripts.
#include "text/lexical_terms.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"

namespace vexfs::text {
namespace {

// The terms in order. A '+' marks one that stands at the same place as those before it.
std::vector<std::string> terms(std::string_view text, TermsFor use = TermsFor::kIndex) {
  std::vector<std::string> found;
  lexical_terms(text, use, [&](const LexicalTerm& term) {
    found.push_back((term.same_place ? "+" : "") + std::string(term.term));
    return true;
  });
  return found;
}

using Terms = std::vector<std::string>;

TEST(LexicalTermsTest, WordsInLowerCaseWithoutMarks) {
  EXPECT_EQ(terms("The Caf\u00e9, \u0141\u00f3d\u017a & Vi\u1ec7t-Nam 42x"),
            (Terms{"the", "cafe", "lodz", "viet", "nam", "42x"}));
  EXPECT_EQ(terms("cafe\u0301s"), (Terms{"cafes"})) << "combining marks";
  EXPECT_EQ(terms("\u041f\u0440\u0438\u0432\u0435\u0442 \u039b\u03cc\u03b3\u03bf\u03c2"),
            (Terms{"\u043f\u0440\u0438\u0432\u0435\u0442", "\u03bb\u03cc\u03b3\u03bf\u03c2"}));
  EXPECT_EQ(terms(""), Terms{});
  EXPECT_EQ(terms(" ,.-_ "), Terms{});
}

TEST(LexicalTermsTest, IdentifiersByPartsAndAsAWhole) {
  EXPECT_EQ(terms("openFileHandle"), (Terms{"open", "file", "handle", "+openfilehandle"}));
  EXPECT_EQ(terms("open_file"), (Terms{"open", "file", "+openfile"}));
  EXPECT_EQ(terms("HTTPServer"), (Terms{"http", "server", "+httpserver"}));
  EXPECT_EQ(terms("KERNEL_MAX"), (Terms{"kernel", "max", "+kernelmax"}));
  EXPECT_EQ(terms("utf8 iPhone X11Forwarding"),
            (Terms{"utf8", "i", "phone", "+iphone", "x11forwarding"}));
  EXPECT_EQ(terms("_private__"), (Terms{"private"}));
}

TEST(LexicalTermsTest, PairsOfIdeographs) {
  EXPECT_EQ(terms("\u65e5\u672c\u8a9e"),
            (Terms{"\u65e5", "\u65e5\u672c", "+\u672c", "\u672c\u8a9e", "+\u8a9e"}));
  EXPECT_EQ(terms("\u65e5\u672c\u8a9e", TermsFor::kQuery), (Terms{"\u65e5\u672c", "\u672c\u8a9e"}));
  EXPECT_EQ(terms("\u65e5 go", TermsFor::kQuery), (Terms{"\u65e5", "go"}));
}

TEST(LexicalTermsTest, SaysWhereTermsStand) {
  const std::string text = "x openFile y";
  std::vector<std::string> found;
  lexical_terms(text, TermsFor::kIndex, [&](const LexicalTerm& term) {
    found.push_back(text.substr(term.start, term.end - term.start));
    return true;
  });
  EXPECT_EQ(found, (Terms{"x", "open", "File", "openFile", "y"}));
}

TEST(LexicalTermsTest, PassesOverWhatIsTooLongOrNotUtf8) {
  const std::string longest(limits::kTermBytesMax, 'a');
  EXPECT_EQ(terms(longest + " " + longest + "a b"), (Terms{longest, "b"}));
  EXPECT_EQ(terms("a\xff"
                  "b\xc3"),
            (Terms{"a", "b"}));
}

TEST(LexicalTermsTest, StopsWhenTold) {
  int told = 0;
  lexical_terms("one two three", TermsFor::kIndex, [&](const LexicalTerm&) { return ++told < 2; });
  EXPECT_EQ(told, 2);
}

TEST(LexicalTermsTest, StopWords) {
  EXPECT_TRUE(is_stop_word("the"));
  EXPECT_TRUE(is_stop_word("a"));
  EXPECT_TRUE(is_stop_word("your"));
  EXPECT_FALSE(is_stop_word("passport"));
  EXPECT_FALSE(is_stop_word(""));
}

}  // namespace
}  // namespace vexfs::text
