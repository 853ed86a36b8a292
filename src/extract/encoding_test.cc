// Encodings that are common in files: UTF-8, marked UTF-16 and UTF-32, Latin-1.
#include "extract/encoding.h"

#include <gtest/gtest.h>

namespace vexfs::extract {
namespace {

using std::string_view_literals::operator""sv;

TEST(EncodingTest, Utf8StaysAsItIs) {
  EXPECT_EQ(to_utf8("Gr\u00fc\u00dfe\n"), "Gr\u00fc\u00dfe\n");
  EXPECT_EQ(to_utf8(""), "");
}

TEST(EncodingTest, ByteOrderMarksDecide) {
  EXPECT_EQ(to_utf8("\xEF\xBB\xBFhi"), "hi");
  EXPECT_EQ(to_utf8("\xFF\xFEh\0i\0"sv), "hi");
  EXPECT_EQ(to_utf8("\xFE\xFF\0h\0i"sv), "hi");
  EXPECT_EQ(to_utf8("\xFF\xFE\0\0h\0\0\0"sv), "h");
  EXPECT_EQ(to_utf8("\xFF\xFEh\0\x00\xD8"sv), std::nullopt) << "half a surrogate pair";
}

TEST(EncodingTest, GuessesLatin1) {
  EXPECT_EQ(to_utf8("Der M\xFCller geht \xFC"
                    "ber die Br\xFC"
                    "cke, sch\xF6n gr\xFC\xDF"
                    "end.\n"
                    "\xC4pfel und B\xE4ume stehen \xFC"
                    "berall am Wege."),
            "Der M\u00fcller geht \u00fcber die Br\u00fccke, sch\u00f6n gr\u00fc\u00dfend.\n"
            "\u00c4pfel und B\u00e4ume stehen \u00fcberall am Wege.");
}

TEST(EncodingTest, BinaryIsNotText) {
  EXPECT_EQ(to_utf8("\x7F"
                    "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0"sv),
            std::nullopt);
  EXPECT_EQ(to_utf8("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0\xff\xfe\xfd"sv), std::nullopt);
}

TEST(EncodingTest, NamedOnesConvertOrFail) {
  EXPECT_EQ(to_utf8("caf\xE9", "ISO-8859-1"), "caf\u00e9");
  EXPECT_EQ(to_utf8("caf\xE9", "no-such-encoding"), std::nullopt);
  EXPECT_EQ(to_utf8("caf\xE9", "UTF-8"), std::nullopt);
}

}  // namespace
}  // namespace vexfs::extract
