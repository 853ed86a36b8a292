// Tests of TextWriter: every kind of number and character, malformed UTF-8 included.
#include "base/text_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

namespace vexfs {
namespace {

template <typename Write>
std::string written(Write write) {
  std::string out;
  TextWriter writer(out);
  write(writer);
  return out;
}

std::string json(std::string_view bytes) {
  return written([&](TextWriter& out) { out.json(bytes); });
}
std::string fixed(double value, unsigned decimals) {
  return written([&](TextWriter& out) { out.fixed(value, decimals); });
}

TEST(TextWriterTest, AppendsAndChains) {
  std::string out = "before ";
  TextWriter(out).text("pid=").number(7).character(';').number(-7);
  EXPECT_EQ(out, "before pid=7;-7");
}

TEST(TextWriterTest, ShortestIsReadBackAsTheSameFloat) {
  const auto shortest = [](float value) {
    return written([&](TextWriter& out) { out.shortest(value); });
  };
  EXPECT_EQ(shortest(0.1F), "0.1");
  EXPECT_EQ(shortest(-3), "-3");
  for (const float value : {std::numeric_limits<float>::max(), std::numeric_limits<float>::min(),
                            std::numeric_limits<float>::denorm_min(), 1.0F / 3, -1.17549449e-38F}) {
    EXPECT_EQ(std::strtof(shortest(value).c_str(), nullptr), value);
  }
  EXPECT_EQ(shortest(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(shortest(std::numeric_limits<float>::quiet_NaN()), "null");
}

TEST(TextWriterTest, NumbersReachTheEndsOfTheirTypes) {
  EXPECT_EQ(written([](TextWriter& out) { out.number(std::numeric_limits<uint64_t>::max()); }),
            "18446744073709551615");
  EXPECT_EQ(written([](TextWriter& out) { out.number(std::numeric_limits<int64_t>::min()); }),
            "-9223372036854775808");
  EXPECT_EQ(written([](TextWriter& out) { out.number(uint8_t{0}); }), "0");
}

TEST(TextWriterTest, PadsWithZeros) {
  EXPECT_EQ(written([](TextWriter& out) { out.padded(7, 3); }), "007");
  EXPECT_EQ(written([](TextWriter& out) { out.padded(1234, 3); }), "1234");
  EXPECT_EQ(written([](TextWriter& out) { out.padded(0, 0); }), "0");
}

TEST(TextWriterTest, FixedPoint) {
  EXPECT_EQ(fixed(0, 0), "0");
  EXPECT_EQ(fixed(1.5, 3), "1.500");
  EXPECT_EQ(fixed(-0.125, 2), "-0.12");  // A tie in binary as well: to even.
  EXPECT_EQ(fixed(0.999, 2), "1.00");
  EXPECT_EQ(fixed(1e-9, 9), "0.000000001");
  EXPECT_EQ(fixed(0.5, 99), "0.500000000");  // kDecimalsMax.
  EXPECT_EQ(fixed(std::numeric_limits<double>::max(), 9).size(), 309u + 1 + 9);
  EXPECT_EQ(fixed(std::numeric_limits<double>::infinity(), 1), "null");
  EXPECT_EQ(fixed(std::numeric_limits<double>::quiet_NaN(), 1), "null");
}

TEST(TextWriterTest, JsonEscapesEveryByte) {
  const std::string replaced = "\"\xef\xbf\xbd\"";
  for (int value = 0; value < 256; ++value) {
    const std::string got = json(std::string(1, static_cast<char>(value)));
    std::string expected;
    if (value >= 0x80) {
      expected = replaced;  // Alone, none of them is UTF-8.
    } else if (value == '"') {
      expected = R"("\"")";
    } else if (value == '\\') {
      expected = R"("\\")";
    } else if (value == '\n') {
      expected = R"("\n")";
    } else if (value == '\t') {
      expected = R"("\t")";
    } else if (value < 0x20 || value == 0x7f) {
      constexpr char kHex[] = "0123456789abcdef";
      expected = std::string("\"\\u00") + kHex[value / 16] + kHex[value % 16] + "\"";
    } else {
      expected = std::string("\"") + static_cast<char>(value) + "\"";
    }
    EXPECT_EQ(got, expected) << value;
  }
}

// Encodes any value up to 21 bits, well-formed or not.
std::string encoded(uint32_t point, int bytes) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3f)); };
  switch (bytes) {
    case 1:
      return {static_cast<char>(point)};
    case 2:
      return {static_cast<char>(0xc0 | (point >> 6)), tail(0)};
    case 3:
      return {static_cast<char>(0xe0 | (point >> 12)), tail(6), tail(0)};
    default:
      return {static_cast<char>(0xf0 | (point >> 18)), tail(12), tail(6), tail(0)};
  }
}

TEST(TextWriterTest, JsonKeepsEveryWellFormedCharacter) {
  for (uint32_t point = 0x80; point <= 0x10ffff; ++point) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const int bytes = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    const std::string character = encoded(point, bytes);
    ASSERT_EQ(json(character), "\"" + character + "\"") << std::hex << point;
  }
}

TEST(TextWriterTest, JsonReplacesWhatIsNotUtf8) {
  const std::string r = "\xef\xbf\xbd";
  // A broken sequence becomes one replacement; the byte that broke it starts a new sequence.
  EXPECT_EQ(json("a\xff"
                 "b"),
            "\"a" + r + "b\"");
  EXPECT_EQ(json("\xe2\x82"), "\"" + r + "\"");  // Cut short.
  EXPECT_EQ(json("\xe2\x82"
                 "x"),
            "\"" + r + "x\"");                         // Cut short by a letter,
  EXPECT_EQ(json("\xe2\x82\""), "\"" + r + "\\\"\"");  // and by a quote, which stays escaped.
  EXPECT_EQ(json("\xf0\x9f\x98"), "\"" + r + "\"");
  EXPECT_EQ(json("\x80\x80"), "\"" + r + r + "\"");  // Tails without a lead.
  // Overlong, surrogate and too large: the lead is broken by its second byte already.
  for (uint32_t point = 0; point < 0x80; ++point) {
    ASSERT_EQ(json(encoded(point, 2)), "\"" + r + r + "\"") << point;
  }
  for (uint32_t point = 0; point < 0x800; ++point) {
    ASSERT_EQ(json(encoded(point, 3)), "\"" + r + r + r + "\"") << point;
  }
  for (uint32_t point = 0xd800; point <= 0xdfff; ++point) {
    ASSERT_EQ(json(encoded(point, 3)), "\"" + r + r + r + "\"") << point;
  }
  for (uint32_t point = 0x110000; point < 0x200000; point += 0x1111) {
    ASSERT_EQ(json(encoded(point, 4)), "\"" + r + r + r + r + "\"") << point;
  }
}

}  // namespace
}  // namespace vexfs
