// Tests of spaces in JSON: the members and their order, and that control_json reads them.
#include "engine/query/space_json.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/query/control_json.h"

namespace vexfs::engine {
namespace {

store::Space space_to_write() {
  store::Space space;
  space.name = "clip";
  space.parameters = {.dim = 3, .metric = Metric::kInnerProduct, .element = ElementType::kF16};
  space.vectors = 9;
  return space;
}

std::string written(const store::Space& space, bool counts) {
  std::string json;
  JsonWriter writer(json);
  append_space(space, counts, writer);
  return json;
}

TEST(SpaceJsonTest, WritesAllMembersInOrder) {
  EXPECT_EQ(written(space_to_write(), true),
            R"({"name":"clip","dim":3,"metric":"ip","storage":"f16","m":16,)"
            R"("ef_construction":200,"ef_search":0,"vectors":9,"filler":"user"})");
  store::Space space = space_to_write();
  space.filler = store::Filler::kEmbedder;
  EXPECT_EQ(written(space, false), R"({"name":"clip","dim":3,"metric":"ip","storage":"f16","m":16,)"
                                   R"("ef_construction":200,"ef_search":0,"filler":"embedder"})");
}

TEST(SpaceJsonTest, ParametersAreReadBackByControl) {
  const SpaceParameters parameters = space_to_write().parameters;
  std::string json;
  JsonWriter writer(json);
  writer.object().key("create_space").object().member("name", "clip");
  append_space_parameters(parameters, writer);
  writer.end().end();
  const auto parsed = parse_control_json(json);
  ASSERT_TRUE(parsed.ok()) << parsed.failure().message;
  const ControlRequest& request = parsed.value();
  EXPECT_EQ(request.space, "clip");
  EXPECT_EQ(request.parameters.dim, parameters.dim);
  EXPECT_EQ(request.parameters.metric, parameters.metric);
  EXPECT_EQ(request.parameters.element, parameters.element);
  EXPECT_EQ(request.parameters.m, parameters.m);
}

}  // namespace
}  // namespace vexfs::engine
