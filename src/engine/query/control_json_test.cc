// Tests of control requests: each action, its members, and the sentences of refusals.
#include "engine/query/control_json.h"

#include <gtest/gtest.h>

#include <utility>

namespace vexfs::engine {
namespace {

using Action = ControlRequest::Action;

ControlRequest parsed_control(const std::string& text) {
  auto request = parse_control_json(text);
  if (request.ok()) return std::move(request).value();
  ADD_FAILURE() << text << ": " << request.failure().message;
  return {};
}

TEST(ControlJsonTest, ReadsActions) {
  EXPECT_EQ(parsed_control(R"({"spaces":true})").action, Action::kSpaces);
  EXPECT_EQ(parsed_control(R"({"sync":true})").action, Action::kSync);
  const ControlRequest drop = parsed_control(R"({"drop_space":"clip"})");
  EXPECT_EQ(drop.action, Action::kDropSpace);
  EXPECT_EQ(drop.space, "clip");
}

TEST(ControlJsonTest, ReadsASpace) {
  const ControlRequest request = parsed_control(
      R"({"create_space":{"name":"clip","dim":512,"metric":"l2","storage":"f16","m":24,)"
      R"("ef_construction":300,"ef_search":80}})");
  EXPECT_EQ(request.action, Action::kCreateSpace);
  EXPECT_EQ(request.space, "clip");
  EXPECT_EQ(request.parameters.dim, 512u);
  EXPECT_EQ(request.parameters.metric, Metric::kL2);
  EXPECT_EQ(request.parameters.element, ElementType::kF16);
  EXPECT_EQ(request.parameters.m, 24);
  EXPECT_EQ(request.parameters.ef_construction, 300);
  EXPECT_EQ(request.parameters.ef_search, 80);
  const ControlRequest least = parsed_control(R"({"create_space":{"name":"a","dim":1}})");
  EXPECT_EQ(least.parameters.metric, Metric::kCosine);
  EXPECT_EQ(least.parameters.m, SpaceParameters().m);
}

TEST(ControlJsonTest, ReadsListsAndDuplicates) {
  const ControlRequest list =
      parsed_control(R"({"list":{"space":"clip","after":"a/b","limit":10,"path":"a"}})");
  EXPECT_EQ(list.action, Action::kList);
  EXPECT_EQ(list.space, "clip");
  EXPECT_EQ(list.after, "a/b");
  EXPECT_EQ(list.limit, 10u);
  EXPECT_EQ(list.path, "a");
  EXPECT_EQ(parsed_control(R"({"list":{}})").limit, limits::kListedFilesMax);
  const ControlRequest duplicates =
      parsed_control(R"({"duplicates":{"space":"clip","distance":0.5,"path":"a"}})");
  EXPECT_EQ(duplicates.action, Action::kDuplicates);
  EXPECT_EQ(duplicates.distance, 0.5F);
}

TEST(ControlJsonTest, RefusesTheRest) {
  for (const auto& [text, message] : {
           std::pair{"{}", "the request names no action"},
           std::pair{R"({"fly":true})", "unknown action fly"},
           std::pair{R"({"spaces":1})", "spaces must be true"},
           std::pair{R"({"sync":false})", "sync must be true"},
           std::pair{R"({"drop_space":""})", "drop_space needs a name"},
           std::pair{R"({"drop_space":7})", "drop_space must be the name of a space"},
           std::pair{R"({"create_space":"a"})", "create_space must be an object"},
           std::pair{R"({"create_space":{"dim":3}})", "create_space needs a name"},
           std::pair{R"({"create_space":{"name":"a"}})", "create_space needs dim"},
           std::pair{R"({"create_space":{"dim":0}})", "dim must be a whole number from 1 to 4096"},
           std::pair{R"({"create_space":{"m":129}})", "m must be a whole number from 2 to 128"},
           std::pair{R"({"create_space":{"metric":"x"}})", "metric must be cosine, l2 or ip"},
           std::pair{R"({"create_space":{"storage":"x"}})", "storage must be f32 or f16"},
           std::pair{R"({"create_space":{"x":1}})", "unknown member create_space.x"},
           std::pair{R"({"list":{"distance":1}})", "unknown member list.distance"},
           std::pair{R"({"list":{"limit":0}})", "limit must be a whole number from 1 to 1000"},
           std::pair{R"({"duplicates":{}})", "duplicates needs distance"},
           std::pair{R"({"duplicates":{"distance":"x"}})", "distance must be a distance"},
           std::pair{R"({"spaces":true,"sync":true})", "the request has more than one action"},
           std::pair{R"({"list":{},"sync":true})", "the request has more than one action"},
       }) {
    const auto request = parse_control_json(text);
    ASSERT_EQ(request.error(), EINVAL) << text;
    EXPECT_EQ(request.failure().message, message);
  }
}

TEST(ControlJsonTest, Embedders) {
  const ControlRequest remote =
      parsed_control(R"({"embedder":{"url":"http://h","model":"m","key_file":"/k","dim":3}})");
  EXPECT_EQ(remote.action, ControlRequest::Action::kEmbedder);
  ASSERT_TRUE(remote.embedder.has_value());
  EXPECT_EQ(remote.embedder->url, "http://h");
  EXPECT_EQ(remote.embedder->model, "m");
  EXPECT_EQ(remote.embedder->key_file, "/k");
  EXPECT_EQ(remote.embedder->dim, 3U);
  EXPECT_FALSE(parsed_control(R"({"embedder":{}})").embedder.has_value()) << "the built-in";
  for (const char* wrong :
       {R"({"embedder":"builtin"})", R"({"embedder":{"url":"http://h"}})",
        R"({"embedder":{"model":"m"}})", R"({"embedder":{"url":"h","model":"m","dim":0}})",
        R"({"embedder":{"url":"h","model":"m","x":1}})"}) {
    const auto request = parse_control_json(wrong);
    ASSERT_EQ(request.error(), EINVAL) << wrong;
    EXPECT_NE(request.failure().message, "") << wrong;
  }
}

}  // namespace
}  // namespace vexfs::engine
