// Tests of requests: JSON with what was given and nothing else.
#include "cli/query_request.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(QueryRequestTest, HoldsWhatWasGiven) {
  QueryRequest like;
  like.like = "a\"b";
  like.k = 5;
  EXPECT_EQ(to_json(like), R"({"k":5,"like":"a\"b"})");
  const std::vector<float> vector = {0.5, -1};
  QueryRequest full;
  full.vector = vector;
  full.space = "clip";
  full.types = {"md", "txt"};
  full.after = "2026-01-01";
  full.ef = 100;
  full.exact = true;
  EXPECT_EQ(to_json(full), R"({"k":10,"vector":[0.5,-1],"space":"clip","type":["md","txt"],)"
                           R"("after":"2026-01-01","ef":100,"exact":true})");
}

}  // namespace
}  // namespace vexfs::cli
