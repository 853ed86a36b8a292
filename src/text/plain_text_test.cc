// Which files are text as they stand, and which an extractor must read.
#include "text/plain_text.h"

#include <gtest/gtest.h>

#include <string>

namespace vexfs::text {
namespace {

TEST(PlainTextTest, Utf8IsText) {
  EXPECT_TRUE(is_utf8_text("", true));
  EXPECT_TRUE(is_utf8_text("plain\n\ttext\r\n", true));
  EXPECT_TRUE(is_utf8_text("Gr\u00fc\u00dfe, \u65e5\u672c, \U0001F600", true));
  EXPECT_TRUE(is_utf8_text("\u00e9\U0010FFFF", true));
}

TEST(PlainTextTest, OtherBytesAreNot) {
  EXPECT_FALSE(is_utf8_text(std::string_view("a\0b", 3), true));
  EXPECT_FALSE(is_utf8_text("0123456789abcdef\x01", true));
  EXPECT_FALSE(is_utf8_text("del \x7F", true));
  EXPECT_FALSE(is_utf8_text("aaaaaaa\x7F", true));
  EXPECT_FALSE(is_utf8_text("caf\xe9", true)) << "Latin-1";
  EXPECT_FALSE(is_utf8_text("\xc0\xaf", true)) << "overlong";
  EXPECT_FALSE(is_utf8_text("\xe0\x80\xaf", true)) << "overlong";
  EXPECT_FALSE(is_utf8_text("\xed\xa0\x80", true)) << "surrogate";
  EXPECT_FALSE(is_utf8_text("\xf4\x90\x80\x80", true)) << "beyond Unicode";
}

TEST(PlainTextTest, ACutIsFineWhereMoreFollows) {
  const std::string_view cut = "caf\xc3";
  EXPECT_TRUE(is_utf8_text(cut, false));
  EXPECT_FALSE(is_utf8_text(cut, true));
}

TEST(PlainTextTest, SourceCodeAndMarkdownArePlain) {
  EXPECT_TRUE(is_plain("#include <stdio.h>\nint main() {}\n", true));
  EXPECT_TRUE(is_plain("# Title\n\ntext\n", true));
  EXPECT_TRUE(is_plain("<?xml version='1.0'?><note/>", true));
  EXPECT_TRUE(is_plain("Note: milk\nTodo: bread\n", true));
}

TEST(PlainTextTest, DocumentsAreNot) {
  EXPECT_FALSE(is_plain("%PDF-1.7\n", false));
  EXPECT_FALSE(is_plain("{\\rtf1 text}", true));
  EXPECT_FALSE(is_plain("\n <!DOCTYPE HTML><title>x", false));
  EXPECT_FALSE(is_plain("<HTML lang=en>", false));
  EXPECT_FALSE(is_plain("<?xml version='1.0'?>\n<html xmlns=''>", false));
  EXPECT_FALSE(is_plain("Received: from a\n\tby b\nSubject: hi\n\nbody", true));
  EXPECT_FALSE(is_plain("From ann Mon\nFrom: ann\nTo: bob\n\nhi", true));
}

}  // namespace
}  // namespace vexfs::text
