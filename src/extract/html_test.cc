// The text is what a reader of the page would read.
#include "extract/html.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace vexfs::extract {
namespace {

std::string read(std::string_view html) {
  const text::Extraction page = read_html(html);
  EXPECT_EQ(page.verdict, text::Verdict::kText);
  return page.text;
}

TEST(HtmlTest, HeadingsParagraphsAndLists) {
  EXPECT_EQ(read("<html><head><title>T &amp; U</title><style>p{}</style></head><body>"
                 "<h2>Sub  <em>title</em></h2><p>One\n two<br>three</p><p>four</p>"
                 "<ul><li>a</li><li>b <b>c</b></li></ul><script>x()</script></body></html>"),
            "# T & U\n\n## Sub title\n\nOne two\nthree\n\nfour\n\n- a\n- b c\n");
}

TEST(HtmlTest, TablesPreAndPictures) {
  EXPECT_EQ(read("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
                 "<pre>  x\n  y</pre><img alt='a cat'>"),
            "a b\nc\n\n  x\n  y\n\na cat\n");
}

TEST(HtmlTest, BrokenPagesHaveTextToo) {
  EXPECT_EQ(read("<p>open <b>bold <p>next</i>"), "open bold\n\nnext\n");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("just text"), "just text\n");
}

TEST(HtmlTest, DeepPagesAreWalkedWithoutRecursion) {
  std::string page;
  for (int i = 0; i < 1500; ++i) page += "<div>";
  EXPECT_EQ(read(page + "deep"), "deep\n");
}

TEST(HtmlTest, ThereIsABound) {
  std::string page = "<p>";
  while (page.size() <= limits::kExtractedBytesMax + 3) page += "word ";
  EXPECT_EQ(read_html(page).verdict, text::Verdict::kTooLarge);
}

}  // namespace
}  // namespace vexfs::extract
