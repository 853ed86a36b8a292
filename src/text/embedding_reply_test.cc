// Replies that are right, that are in another order, and that are wrong in many ways.
#include "text/embedding_reply.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <vector>

namespace vexfs::text {
namespace {

int read(std::string_view reply, size_t inputs = 1) {
  std::vector<float> vectors(inputs * 2);
  return read_embedding_reply(reply, inputs, 2, vectors).error();
}

TEST(EmbeddingReplyTest, RequestsAreJson) {
  const std::string_view texts[] = {"a \"b\"", "c\n"};
  EXPECT_EQ(embedding_request("m", texts),
            R"({"model":"m","encoding_format":"float","input":["a \"b\"","c\n"]})");
}

TEST(EmbeddingReplyTest, RowsFollowTheirIndexAndAreNormalised) {
  std::vector<float> vectors(4);
  ASSERT_TRUE(read_embedding_reply(
                  R"({"data":[{"index":1,"embedding":[0,-2]},{"index":0,"embedding":[3,4]}]})", 2,
                  2, vectors)
                  .ok());
  EXPECT_EQ(vectors, (std::vector<float>{0.6F, 0.8F, 0, -1}));
}

TEST(EmbeddingReplyTest, WrongRepliesAreTold) {
  for (const char* reply :
       {"", "null", "[]", "{", R"({"data":[]})", R"({"data":{}})", R"({"error":"x"})",
        R"({"data":[1]})", R"({"data":[{"index":0}]})", R"({"data":[{"embedding":[1]}]})",
        R"({"data":[{"embedding":[1,2,3]}]})", R"({"data":[{"embedding":[1,"2"]}]})",
        R"({"data":[{"embedding":[1,1e99]}]})", R"({"data":[{"embedding":"AAAA"}]})",
        R"({"data":[{"index":1,"embedding":[1,2]}]})", R"({"data":[[[[[[[[[[[[1]]]]]]]]]]]]})"}) {
    EXPECT_EQ(read(reply), EPROTO) << reply;
  }
  EXPECT_EQ(read(R"({"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]})", 2),
            EPROTO);
}

TEST(EmbeddingReplyTest, TellsTheDimension) {
  EXPECT_EQ(embedding_reply_dim(R"({"data":[{"embedding":[1,2,3]}]})").value(), 3U);
  EXPECT_EQ(embedding_reply_dim(R"({"data":[]})").error(), EPROTO);
  EXPECT_EQ(embedding_reply_dim("nonsense").error(), EPROTO);
}

}  // namespace
}  // namespace vexfs::text
