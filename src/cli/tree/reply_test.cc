// Replies that are good, that report a failure, and that are no replies.
#include "cli/tree/reply.h"

#include <gtest/gtest.h>

namespace vexfs::cli {
namespace {

TEST(ReplyTest, GoodOnesAreObjects) {
  const Reply reply = reply_of(std::string("{\"hits\":[]}\n"));
  EXPECT_TRUE(reply.ok()) << reply.problem;
  EXPECT_TRUE(member(reply.json, "hits").is_array());
  EXPECT_EQ(reply.text, "{\"hits\":[]}\n");
}

TEST(ReplyTest, FailuresHaveASentence) {
  EXPECT_EQ(reply_of(Status(ENOENT, "the mount")).problem, "the mount: No such file or directory");
  EXPECT_EQ(
      reply_of(std::string(R"({"error":{"code":"EINVAL","message":"no such space"}})")).problem,
      "no such space");
  EXPECT_EQ(reply_of(std::string(R"({"error":{"code":"EINVAL"}})")).problem, "EINVAL");
  for (const char* text : {"", "x", "[]", "3", "{\"error\":1}", "{\"error\":{\"message\":3}}"}) {
    EXPECT_FALSE(reply_of(std::string(text)).ok()) << text;
  }
}

}  // namespace
}  // namespace vexfs::cli
