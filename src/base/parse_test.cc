// Tests of the number parsers: the bounds, and what is not a number.
#include "base/parse.h"

#include <gtest/gtest.h>

#include <string>

namespace vexfs {
namespace {

constexpr uint64_t kMax = UINT64_MAX;

TEST(ParseU64Test, AcceptsDigitsWithinTheBounds) {
  EXPECT_EQ(parse_u64("0", 0, kMax).value(), 0u);
  EXPECT_EQ(parse_u64("18446744073709551615", 0, kMax).value(), kMax);
  EXPECT_EQ(parse_u64("0000000000000000000000000000007", 0, 10).value(), 7u);
  EXPECT_EQ(parse_u64("5", 5, 5).value(), 5u);
}

TEST(ParseU64Test, RefusesWhatIsOutOfRange) {
  for (const char* text : {"18446744073709551616", "99999999999999999999999999", "4", "11"}) {
    EXPECT_EQ(parse_u64(text, 5, 10).error(), ERANGE) << text;
  }
  EXPECT_EQ(parse_u64("18446744073709551616", 0, kMax).error(), ERANGE);
}

TEST(ParseU64Test, RefusesWhatIsNotDigits) {
  for (const char* text :
       {"", " ", "+1", "-1", "1 ", " 1", "0x10", "1e3", "1.0", "1k", "\xd9\xa1"}) {
    EXPECT_EQ(parse_u64(text, 0, kMax).error(), EINVAL) << text;
  }
  EXPECT_EQ(parse_u64(std::string_view("1\0", 2), 0, kMax).error(), EINVAL);
}

TEST(ParseU64Test, ReadsNothingPastTheView) {
  const std::string digits = "123456";
  EXPECT_EQ(parse_u64(std::string_view(digits).substr(1, 2), 0, kMax).value(), 23u);
}

TEST(ParseSecondsTest, AcceptsDecimals) {
  EXPECT_EQ(parse_seconds("0").value(), 0.0);
  EXPECT_EQ(parse_seconds("1").value(), 1.0);
  EXPECT_EQ(parse_seconds("0.5").value(), 0.5);
  EXPECT_EQ(parse_seconds(".25").value(), 0.25);
  EXPECT_EQ(parse_seconds("2.").value(), 2.0);
  EXPECT_EQ(parse_seconds("86400.000").value(), 86400.0);
  EXPECT_EQ(parse_seconds("0.1").value(), 0.1);
  EXPECT_EQ(parse_seconds("0.000000001").value(), 1e-9);
  EXPECT_EQ(parse_seconds("0.0000000019999999999999999999999").value(), 1e-9);
  EXPECT_EQ(parse_seconds("1000000000").value(), 1e9);
}

TEST(ParseSecondsTest, RefusesWhatIsNotSeconds) {
  for (const char* text : {"", ".", "-1", "+1", "1e3", "inf", "nan", "0x1", "1.2.3", "1,5", "1s",
                           " 1", "1 ", "1.-2"}) {
    EXPECT_EQ(parse_seconds(text).error(), EINVAL) << text;
  }
}

TEST(ParseSecondsTest, RefusesWhatIsOutOfRange) {
  EXPECT_EQ(parse_seconds("1000000001").error(), ERANGE);
  EXPECT_EQ(parse_seconds("1000000000.000000001").error(), ERANGE);
  EXPECT_EQ(parse_seconds("99999999999999999999999999").error(), ERANGE);
  EXPECT_EQ(parse_seconds("10.5", 10).error(), ERANGE);
  EXPECT_EQ(parse_seconds("10.0", 10).value(), 10.0);
  EXPECT_EQ(parse_seconds("2000000000", UINT64_MAX).error(), ERANGE);
}

}  // namespace
}  // namespace vexfs
