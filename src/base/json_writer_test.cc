// Tests of JsonWriter: where it places commas and brackets.
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vexfs {
namespace {

TEST(JsonWriterTest, EmptyAndSingle) {
  std::string out;
  JsonWriter(out).object().end();
  EXPECT_EQ(out, "{}");
  out.clear();
  JsonWriter(out).array().end();
  EXPECT_EQ(out, "[]");
  out.clear();
  JsonWriter(out).array().value(1).end();
  EXPECT_EQ(out, "[1]");
}

TEST(JsonWriterTest, CommasBetweenMembersAndElements) {
  std::string out = "before ";
  JsonWriter json(out);
  json.object().member("a", 1).member("b", "x\"y").key("c").array();
  json.value(-2).value(true).null().object().end().array().array().end().end();
  json.end().member("d", std::string("z")).member("e", false).end();
  EXPECT_EQ(out, R"(before {"a":1,"b":"x\"y","c":[-2,true,null,{},[[]]],"d":"z","e":false})");
}

TEST(JsonWriterTest, Numbers) {
  std::string out;
  JsonWriter json(out);
  json.array().value(0.1F).fixed(2.0 / 3, 3).value(UINT64_MAX).value(INT64_MIN);
  json.value(std::numeric_limits<float>::infinity()).fixed(std::nan(""), 2).end();
  EXPECT_EQ(out, "[0.1,0.667,18446744073709551615,-9223372036854775808,null,null]");
}

TEST(JsonWriterTest, JsonFromElsewhereIsOneValue) {
  std::string out;
  JsonWriter json(out);
  json.object().key("a").raw("{\"b\":1}").key("c").raw("[]").end();
  EXPECT_EQ(out, R"({"a":{"b":1},"c":[]})");
}

TEST(JsonWriterTest, TheDeepestNesting) {
  std::string out;
  JsonWriter json(out);
  for (unsigned i = 0; i < JsonWriter::kDepthMax / 2; ++i) json.array().object().key("k");
  json.value(0);
  for (unsigned i = 0; i < JsonWriter::kDepthMax; ++i) json.end();
  std::string expected;
  for (unsigned i = 0; i < JsonWriter::kDepthMax / 2; ++i) expected += "[{\"k\":";
  expected += "0";
  for (unsigned i = 0; i < JsonWriter::kDepthMax / 2; ++i) expected += "}]";
  EXPECT_EQ(out, expected);
}

}  // namespace
}  // namespace vexfs
