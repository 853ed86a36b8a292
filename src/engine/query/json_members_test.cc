// Tests of the JSON reader: shapes that are taken, and each way to be refused.
#include "engine/query/json_members.h"

#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

std::string refused(const std::string& text) {
  const auto members = read_json_members(text);
  EXPECT_EQ(members.error(), EINVAL) << text;
  return members.ok() ? "" : members.failure().message;
}

TEST(JsonMembersTest, ReadsEachType) {
  const auto read =
      read_json_members(R"({"a":null,"b":true,"c":-7,"d":0.5,"e":"\u00e9\n","f":[1,2.5],
                                    "g":["x","y"],"h":{"i":1},"j":[],"k":18446744073709551615})");
  ASSERT_TRUE(read.ok()) << read.failure().message;
  const std::vector<JsonMember>& members = read.value();
  ASSERT_EQ(members.size(), 11u);
  using Type = JsonMember::Type;
  EXPECT_EQ(members[0].type, Type::kNull);
  EXPECT_TRUE(members[1].truth);
  EXPECT_EQ(members[2].integer, -7);
  EXPECT_EQ(members[2].number, -7);
  EXPECT_EQ(members[3].type, Type::kNumber);
  EXPECT_EQ(members[3].number, 0.5);
  EXPECT_EQ(members[4].word, "\xc3\xa9\n");
  EXPECT_EQ(members[5].numbers, (std::vector<float>{1, 2.5}));
  EXPECT_EQ(members[6].words, (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(members[7].type, Type::kObject);
  EXPECT_EQ(members[8].parent, 7);
  EXPECT_EQ(members[8].name, "i");
  EXPECT_EQ(members[9].type, Type::kList);
  EXPECT_EQ(members[9].parent, -1);
  EXPECT_EQ(members[10].type, Type::kNumber);  // It does not fit into int64_t.
}

TEST(JsonMembersTest, RefusesWhatIsNoObject) {
  for (const char* text : {"", " ", "{", "}", "[]", "[1]", "1", "\"a\"", "null", "true", "{} x",
                           "{\"a\":1,}", "{a:1}", "{\"a\":01}", "{\"a\":1e999}", "{\"a\":nan}",
                           "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "\xef\xbb"}) {
    EXPECT_FALSE(refused(text).empty()) << text;
  }
}

TEST(JsonMembersTest, RefusesDepth) {
  EXPECT_EQ(refused(R"({"a":{"b":{}}})"), "the request is nested too deeply");
  EXPECT_EQ(refused(R"({"a":[[1]]})"), "the request is nested too deeply");
  EXPECT_EQ(refused(R"({"a":[{}]})"), "the request is nested too deeply");
  EXPECT_EQ(refused("{\"a\":" + std::string(100000, '[')), "the request is nested too deeply");
}

TEST(JsonMembersTest, RefusesDoublesAndMixtures) {
  EXPECT_EQ(refused(R"({"a":1,"a":2})"), "member a is given twice");
  EXPECT_EQ(refused(R"({"a":[1,"x"]})"), "list a must be of numbers or of words");
  EXPECT_EQ(refused(R"({"a":["x",1]})"), "list a must be of numbers or of words");
  EXPECT_EQ(refused(R"({"a":[true]})"), "list a must be of numbers or of words");
  EXPECT_EQ(refused(R"({"a":"b\u0000c"})"), "a has a zero byte");
  EXPECT_EQ(refused(R"({"a":[1e39]})"), "list a has a number that is too large");
  EXPECT_EQ(refused(R"({"a":[3.4028236e38]})"), "list a has a number that is too large");
  EXPECT_TRUE(read_json_members(R"({"a":[3.4028235e38,-3.4028235e38]})").ok());
  EXPECT_TRUE(read_json_members(R"({"a":1,"b":{"a":2}})").ok());
}

TEST(JsonMembersTest, RefusesWhatIsTooLong) {
  EXPECT_FALSE(refused("{" + std::string(limits::kQueryBytesMax, ' ') + "}").empty());
  EXPECT_EQ(refused("{\"a\":\"" + std::string(limits::kQueryWordBytesMax + 1, 'x') + "\"}"),
            "a is too long");
  EXPECT_EQ(refused("{\"" + std::string(limits::kNameBytesMax + 1, 'x') + "\":1}"),
            "a member's name is too long");
  std::string numbers = "{\"a\":[0";
  for (uint32_t i = 0; i < limits::kDimMax; ++i) numbers += ",0";
  EXPECT_EQ(refused(numbers + "]}"), "list a has more than 4096 numbers");
  std::string words = "{\"a\":[\"x\"";
  for (size_t i = 0; i < limits::kQueryTypesMax; ++i) words += ",\"x\"";
  EXPECT_EQ(refused(words + "]}"), "list a has more than 16 words");
  std::string members = "{\"m\":1";
  for (size_t i = 0; i < limits::kQueryMembersMax; ++i) {
    members += ",\"m" + std::to_string(i) + "\":1";
  }
  EXPECT_EQ(refused(members + "}"), "the request has too many members");
}

}  // namespace
}  // namespace vexfs::engine
