// Descriptions of spaces become JSON and are read again.
#include "cli/tree/space_info.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/tree/testing/fake_tree.h"

namespace vexfs::cli {
namespace {

TEST(SpaceInfoTest, ReadsWhatItWrites) {
  SpaceInfo space;
  space.name = "clip";
  space.parameters = {.dim = 512,
                      .metric = Metric::kInnerProduct,
                      .element = ElementType::kF16,
                      .m = 32,
                      .ef_construction = 400,
                      .ef_search = 70};
  const auto read = parse_space(Json::parse(space_json(space)));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name, "clip");
  EXPECT_EQ(read->parameters.dim, 512u);
  EXPECT_EQ(read->parameters.metric, Metric::kInnerProduct);
  EXPECT_EQ(read->parameters.element, ElementType::kF16);
  EXPECT_EQ(read->parameters.m, 32);
  EXPECT_EQ(read->parameters.ef_construction, 400);
  EXPECT_EQ(read->parameters.ef_search, 70);
  EXPECT_FALSE(read->vectors.has_value());
}

TEST(SpaceInfoTest, RefusesWhatIsNoSpace) {
  const std::string good = R"({"name":"a","dim":3,"metric":"l2","storage":"f32","vectors":0})";
  EXPECT_EQ(parse_space(Json::parse(good))->vectors, 0u);
  for (const char* text : {"1", "{}", R"({"name":"a","dim":3,"metric":"l3","storage":"f32"})",
                           R"({"name":"a","dim":0,"metric":"l2","storage":"f32"})",
                           R"({"name":"a","dim":5000,"metric":"l2","storage":"f32"})",
                           R"({"name":"a","dim":3,"metric":"l2","storage":"f64"})",
                           R"({"name":3,"dim":3,"metric":"l2","storage":"f32"})"}) {
    EXPECT_FALSE(parse_space(Json::parse(text)).has_value()) << text;
  }
}

TEST(SpaceInfoTest, WhereThereIsNoneItSaysWhichThereAre) {
  FakeTree tree;
  std::string problem;
  EXPECT_TRUE(find_space(tree, "s", problem).has_value());
  EXPECT_FALSE(find_space(tree, "t", problem).has_value());
  EXPECT_EQ(problem, "there is no space named t; there are: s");
}

}  // namespace
}  // namespace vexfs::cli
