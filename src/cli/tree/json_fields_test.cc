// Members that are there, that are missing, and that have another type.
#include "cli/tree/json_fields.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vexfs::cli {
namespace {

TEST(JsonFieldsTest, ReadsWhatIsThere) {
  const Json object = Json::parse(R"({"n":3,"r":-0.5,"t":"x","f":true,"o":{"n":4}})");
  EXPECT_EQ(number_in(object, "n"), 3u);
  EXPECT_EQ(real_in(object, "r"), -0.5);
  EXPECT_EQ(real_in(object, "n"), 3.0);
  EXPECT_EQ(text_in(object, "t"), "x");
  EXPECT_TRUE(flag_in(object, "f"));
  EXPECT_EQ(number_in(member(object, "o"), "n"), 4u);
  EXPECT_EQ(array_in(Json::parse(R"({"a":[1,2]})"), "a").size(), 2u);
  EXPECT_EQ(array_in(object, "n").size(), 0u);
}

TEST(JsonFieldsTest, AnythingElseIsTheDefault) {
  const Json object = Json::parse(R"({"n":-3,"r":"1","t":1,"f":0,"big":1e30,"null":null})");
  for (const char* name : {"n", "r", "f2", "big", "null"}) {
    EXPECT_EQ(number_in(object, name, 7), 7u) << name;
  }
  EXPECT_EQ(real_in(object, "r", 2), 2);
  EXPECT_EQ(text_in(object, "t"), "");
  EXPECT_TRUE(flag_in(object, "f", true));
  for (const Json& other : {Json(), Json(1), Json("n"), Json::array({1})}) {
    EXPECT_EQ(number_in(other, "n", 7), 7u);
    EXPECT_TRUE(member(other, "n").is_null());
  }
}

}  // namespace
}  // namespace vexfs::cli
