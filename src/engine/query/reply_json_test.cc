// Tests of replies: each is one line of valid JSON, whatever names hold.
#include "engine/query/reply_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace vexfs::engine {
namespace {

TEST(ReplyJsonTest, WritesHits) {
  QueryResult result;
  Hit full;
  full.path = "a/b.md";
  full.score = 0.5F;
  full.start = 120;
  full.end = 410;
  full.line = 7;
  full.text = "a \"passage\"";
  full.semantic = -0.25F;
  full.lexical = 1;
  full.duplicates = 2;
  result.hits.push_back(full);
  Hit bare;
  bare.path = "bad\xff\"name";
  bare.score = -1.25F;
  result.hits.push_back(bare);
  result.total_us = 412;
  result.plan = "walk";
  result.distances = 5;
  result.hops = 6;
  result.refinements = 7;
  std::string reply = "old";
  write_hits(result, reply);
  EXPECT_EQ(reply.back(), '\n');
  const auto json = nlohmann::json::parse(reply);
  EXPECT_EQ(json["hits"][0], nlohmann::json::parse(R"({"path":"a/b.md","score":0.5,"start":120,
                                                       "end":410,"line":7,
                                                       "text":"a \"passage\"","semantic":-0.25,
                                                       "lexical":1.0,"duplicates":2})"));
  EXPECT_FALSE(json["hits"][1].contains("text"));
  EXPECT_FALSE(json["hits"][1].contains("semantic"));
  EXPECT_EQ(json["hits"][1]["path"], "bad\xef\xbf\xbd\"name");
  EXPECT_EQ(json["hits"][1]["score"], -1.25);
  EXPECT_EQ(json["total_us"], 412);
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["cached"], false);
  EXPECT_EQ(json["plan"], "walk");
  EXPECT_EQ(json["distances"], 5);
  EXPECT_EQ(json["hops"], 6);
  EXPECT_EQ(json["refinements"], 7);
}

TEST(ReplyJsonTest, WritesErrors) {
  std::string reply;
  write_error({EINVAL, "a \"sentence\""}, reply);
  EXPECT_EQ(reply, "{\"error\":{\"code\":\"EINVAL\",\"message\":\"a \\\"sentence\\\"\"}}\n");
  write_error({100000, "x"}, reply);
  EXPECT_EQ(nlohmann::json::parse(reply)["error"]["code"], "EIO");
}

TEST(ReplyJsonTest, WritesDuplicates) {
  DuplicatesResult result;
  result.groups.push_back({{"a", "b"}, 0.125F});
  result.groups.push_back({{"c", "d"}, 0.25F});
  result.complete = false;
  std::string reply;
  write_duplicates(result, "groups", reply);
  EXPECT_EQ(reply,
            "{\"groups\":[{\"distance\":0.125,\"paths\":[\"a\",\"b\"]},"
            "{\"distance\":0.25,\"paths\":[\"c\",\"d\"]}],\"complete\":false}\n");
}

TEST(ReplyJsonTest, TellsOfAnotherEmbedder) {
  TextProgress progress;
  std::string reply;
  write_progress(progress, true, reply);
  EXPECT_FALSE(nlohmann::json::parse(reply)["progress"].contains("switching"));
  progress.change = {"m at http://h", 3, 9, 1.5F, 4, "it is gone"};
  write_progress(progress, true, reply);
  const auto change = nlohmann::json::parse(reply)["progress"]["switching"];
  EXPECT_EQ(change, nlohmann::json::parse(R"({"to":"m at http://h","documents":3,"of":9,
      "files_per_second":1.5,"seconds_left":4.0,"trouble":"it is gone"})"));
  write_progress(progress, false, reply);
  EXPECT_FALSE(nlohmann::json::parse(reply)["progress"]["switching"].contains("of"));
}

TEST(ReplyJsonTest, WarnsOfAnEmbedderThatIsNotUsed) {
  TextProgress progress;
  std::string reply;
  write_progress(progress, false, reply);
  EXPECT_FALSE(nlohmann::json::parse(reply)["progress"].contains("warning"));
  progress.warning = "it does not count";
  write_progress(progress, false, reply);
  EXPECT_EQ(nlohmann::json::parse(reply)["progress"]["warning"], "it does not count");
}

TEST(ReplyJsonTest, SaysThatOnlyWordsAnswered) {
  QueryResult result;
  std::string reply;
  write_hits(result, reply);
  EXPECT_FALSE(nlohmann::json::parse(reply).contains("words_only"));
  result.words_only = true;
  write_hits(result, reply);
  EXPECT_EQ(nlohmann::json::parse(reply)["words_only"], true);
}

TEST(ReplyJsonTest, WritesFiles) {
  std::string reply;
  write_files({{{"a", 1}, {"b", 2}}, true}, reply);
  EXPECT_EQ(reply,
            "{\"files\":[{\"path\":\"a\",\"vectors\":1},{\"path\":\"b\",\"vectors\":2}],"
            "\"more\":true}\n");
  write_files({}, reply);
  EXPECT_EQ(reply, "{\"files\":[],\"more\":false}\n");
}

}  // namespace
}  // namespace vexfs::engine
