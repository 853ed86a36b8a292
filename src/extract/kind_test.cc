// Kinds are found by content.
#include "extract/kind.h"

#include <gtest/gtest.h>

#include <string>

namespace vexfs::extract {
namespace {

using std::string_view_literals::operator""sv;

TEST(KindTest, APdfMayBeginALittleLater) {
  EXPECT_TRUE(is_pdf("%PDF-1.4\n"));
  EXPECT_TRUE(is_pdf("\xEF\xBB\xBF%PDF-1.4\n"));
  EXPECT_TRUE(is_pdf(std::string(256, ' ') + "%PDF-1.4\n"));
  EXPECT_FALSE(is_pdf(std::string(257, ' ') + "%PDF-1.4\n"));
  EXPECT_FALSE(is_pdf("%PDF"));
  EXPECT_FALSE(is_pdf(""));
  EXPECT_FALSE(is_pdf("PK\x03\x04 with %PDF- in it"));
}

TEST(KindTest, ByWhatIsInIt) {
  EXPECT_EQ(kind_of("PK\x03\x04 whatever"), Kind::kZip);
  EXPECT_EQ(kind_of("<!DOCTYPE html><html><body>x</body></html>"), Kind::kHtml);
  EXPECT_EQ(kind_of("Received: from a\nFrom: b\nSubject: c\nMessage-ID: <d>\n\nbody\n"),
            Kind::kMail);
  EXPECT_EQ(kind_of("int main(void) { return 0; }\n"), Kind::kText);
  EXPECT_EQ(kind_of("Gr\xFC\xDF"
                    "e aus M\xFCnchen\n"),
            Kind::kText);
  EXPECT_EQ(kind_of("{\"a\": 1}\n"), Kind::kText);
}

TEST(KindTest, BinariesAndOldOfficeFiles) {
  EXPECT_EQ(kind_of("\x7F"
                    "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0"sv),
            Kind::kBinary);
  EXPECT_EQ(kind_of("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv), Kind::kBinary);
  EXPECT_EQ(kind_of("{\\rtf1\\ansi text}"), Kind::kUnsupported);
}

}  // namespace
}  // namespace vexfs::extract
