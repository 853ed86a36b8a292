// Vectors in text: separators, ranges, and floats that come back unchanged.
#include "cli/vectors/vector_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/limits.h"

namespace vexfs::cli {
namespace {

using Floats = std::vector<float>;

TEST(VectorTextTest, ReadsLists) {
  EXPECT_EQ(parse_vector_text("0.1,0.2").value(), (Floats{0.1F, 0.2F}));
  EXPECT_EQ(parse_vector_text(" 1 2\t3\n").value(), (Floats{1, 2, 3}));
  EXPECT_EQ(parse_vector_text("[1, -2 ,3e2]\n").value(), (Floats{1, -2, 300}));
  EXPECT_EQ(parse_vector_text("-.5").value(), Floats{-0.5F});
}

TEST(VectorTextTest, RefusesWhatIsNoVector) {
  for (const char* text : {"", " ", "[]", "[", "[1", "1,", "1,,2", ",1", "1;2", "1 x", "1x", "nan",
                           "[1,inf]", "[[1]]", "1]2", "0x10", "]", "+1"}) {
    EXPECT_EQ(parse_vector_text(text).error(), EINVAL) << text;
  }
  EXPECT_EQ(parse_vector_text("1e39").error(), ERANGE);
  EXPECT_EQ(parse_vector_text("1e999").error(), ERANGE);
  std::string many = "1";
  for (uint32_t i = 1; i < limits::kDimMax; ++i) many += " 1";
  EXPECT_EQ(parse_vector_text(many).value().size(), limits::kDimMax);
  EXPECT_EQ(parse_vector_text(many + " 1").error(), E2BIG);
}

TEST(VectorTextTest, ReadsRawFloats) {
  const Floats floats = {1, -2, 0.5};
  const std::string_view bytes(reinterpret_cast<const char*>(floats.data()), 12);
  EXPECT_EQ(parse_vector_raw(bytes).value(), floats);
  EXPECT_EQ(parse_vector(bytes).value(), floats);
  EXPECT_EQ(parse_vector_raw(bytes.substr(1)).error(), EINVAL);
  EXPECT_EQ(parse_vector_raw("").error(), EINVAL);
  EXPECT_EQ(parse_vector_raw(std::string(limits::kXattrValueBytesMax + 4, 'x')).error(), E2BIG);
}

TEST(VectorTextTest, TellsTextFromRaw) {
  EXPECT_EQ(parse_vector("\n [1,2]").value(), (Floats{1, 2}));
  EXPECT_EQ(parse_vector("[1,x]").error(), EINVAL);
  EXPECT_EQ(parse_vector("[abc").value().size(), 1u);  // These are the bytes of a float.
}

TEST(VectorTextTest, NarrowsToTheNearestFloat) {
  float narrowed = 0;
  EXPECT_TRUE(narrow_number(3.4028235e38, narrowed));
  EXPECT_EQ(narrowed, std::numeric_limits<float>::max());
  EXPECT_FALSE(narrow_number(3.4028236e38, narrowed));
  EXPECT_FALSE(narrow_number(-1e300, narrowed));
  EXPECT_FALSE(narrow_number(std::nan(""), narrowed));
  EXPECT_TRUE(narrow_number(1e-60, narrowed));
  EXPECT_EQ(narrowed, 0);
}

TEST(VectorTextTest, WritesFloatsThatComeBack) {
  const Floats floats = {0.1F, 1.0F / 3, -0.0F, 1e-45F, 3.4028235e38F, 123456.789F};
  std::string text;
  JsonWriter json(text);
  append_json_array(floats, json);
  EXPECT_EQ(parse_vector_text(text).value(), floats);
  std::string null;
  JsonWriter other(null);
  append_json_array({{std::numeric_limits<float>::infinity(), 1}}, other);
  EXPECT_EQ(null, "[null,1]");
}

}  // namespace
}  // namespace vexfs::cli
