// Every member of a query comes back the same from the engine's own reader of requests.
#include "cli/query_request.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(QueryRequestTest, HoldsWhatWasGiven) {
  engine::QueryRequest like;
  like.like = "a\"b";
  like.k = 5;
  EXPECT_EQ(to_json(like), R"({"k":5,"like":"a\"b"})");
  engine::QueryRequest full;
  full.vector = {0.5, -1};
  full.space = "clip";
  full.path = "old travel";
  full.types = {"md", "txt"};
  full.after = 1767225600;
  full.ef = 100;
  full.exact = true;
  EXPECT_EQ(to_json(full), R"({"k":10,"vector":[0.5,-1],"space":"clip","path":"old travel",)"
                           R"("type":["md","txt"],"after":1767225600,"ef":100,"exact":true})");
}

TEST(QueryRequestTest, Texts) {
  engine::QueryRequest request;
  request.text = "new passport";
  EXPECT_EQ(to_json(request), R"({"k":10,"text":"new passport"})");
  request.mode = engine::QueryMode::kLexical;
  request.fusion = {engine::FusionOptions::Kind::kReciprocalRank, 0.5F, 2, 30};
  request.fold_duplicates = false;
  request.text_bytes = 0;
  const std::string json = to_json(request);
  const auto parsed = engine::parse_query_json(json);
  ASSERT_TRUE(parsed.ok()) << json << parsed.failure().message;
  const engine::QueryRequest& back = parsed.value();
  EXPECT_EQ(back.text, request.text);
  EXPECT_EQ(back.mode, request.mode);
  EXPECT_EQ(back.fusion, request.fusion);
  EXPECT_FALSE(back.fold_duplicates);
  EXPECT_EQ(back.text_bytes, 0U);
}

}  // namespace
}  // namespace vexfs::cli
