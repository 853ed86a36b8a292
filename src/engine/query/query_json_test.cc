// Tests of queries in JSON: every member, its bounds, and the sentences of refusals.
#include "engine/query/query_json.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace vexfs::engine {
namespace {

Refusal refused_json(const std::string& text) {
  auto query = parse_query_json(text);
  EXPECT_FALSE(query.ok()) << text;
  return query.ok() ? Refusal(0, "") : std::move(query).failure();
}

Query parsed_json(const std::string& text) {
  auto query = parse_query_json(text);
  if (query.ok()) return std::move(query).value();
  ADD_FAILURE() << text << ": " << query.failure().message;
  return {};
}

TEST(QueryJsonTest, ReadsAllMembers) {
  const Query query =
      parsed_json(R"({"vector":[0.5,-1],"k":25,"ef":300,"exact":true,"space":"clip","path":"a/b",)"
                  R"("type":["md","tar.gz"],"after":"2026-01-31","mode":"semantic"})");
  EXPECT_EQ(query.vector, (std::vector<float>{0.5, -1}));
  EXPECT_EQ(query.k, 25u);
  EXPECT_EQ(query.ef, 300u);
  EXPECT_TRUE(query.exact);
  EXPECT_EQ(query.space, "clip");
  EXPECT_EQ(query.path, "a/b");
  EXPECT_EQ(query.types, (std::vector<std::string>{"md", "tar.gz"}));
  EXPECT_EQ(query.after, 1769817600);
  EXPECT_EQ(query.like, "");
}

TEST(QueryJsonTest, ReadsTexts) {
  const Query query = parsed_json(
      R"({"text":"renew a passport","mode":"lexical","fusion":"rrf","semantic_weight":0.5,)"
      R"("path_weight":1,"recency":30,"fold":false,"text_bytes":0})");
  EXPECT_EQ(query.text, "renew a passport");
  EXPECT_EQ(query.mode, QueryMode::kLexical);
  EXPECT_EQ(query.fusion.kind, FusionOptions::Kind::kReciprocalRank);
  EXPECT_EQ(query.fusion.semantic_weight, 0.5F);
  EXPECT_EQ(query.fusion.path_weight, 1);
  EXPECT_EQ(query.fusion.recency_days, 30);
  EXPECT_FALSE(query.fold_duplicates);
  EXPECT_EQ(query.text_bytes, 0U);
  const Query plain = parsed_json(R"({"text":"x"})");
  EXPECT_EQ(plain.text_mode(), QueryMode::kHybrid);
  EXPECT_EQ(plain.fusion, FusionOptions());
  EXPECT_TRUE(plain.fold_duplicates);
  EXPECT_EQ(plain.text_bytes, limits::kHitTextBytesMax);
}

TEST(QueryJsonTest, HasDefaults) {
  const Query query = parsed_json(R"({"like":"a.md"})");
  EXPECT_EQ(query.like, "a.md");
  EXPECT_EQ(query.k, limits::kHitsDefault);
  EXPECT_EQ(query.ef, 0u);
  EXPECT_FALSE(query.exact);
  EXPECT_EQ(query.after, 0);
  EXPECT_TRUE(query.types.empty());
}

TEST(QueryJsonTest, TakesOneTypeAndSeconds) {
  const Query query = parsed_json(R"({"like":"a","type":"md","after":-5})");
  EXPECT_EQ(query.types, std::vector<std::string>{"md"});
  EXPECT_EQ(query.after, -5);
}

TEST(QueryJsonTest, AsksForDuplicates) {
  EXPECT_EQ(parsed_json(R"({"dups":0.25,"space":"s"})").dups, 0.25F);
  EXPECT_EQ(parsed_json(R"({"dups":0})").dups, 0.0F);
  EXPECT_EQ(refused_json(R"({"dups":1e39})").message, "dups must be a distance");
  EXPECT_EQ(refused_json(R"({"dups":9.9999999e29})").message, "dups must be a distance");
  EXPECT_EQ(refused_json(R"({"dups":"x"})").message, "dups must be a distance");
}

TEST(QueryJsonTest, NeedsExactlyOneQuestion) {
  EXPECT_EQ(refused_json("{}").message, "the request needs one of text, vector, like and dups");
  EXPECT_EQ(refused_json(R"({"vector":[1],"like":"a"})").message,
            "the request has more than one of text, vector, like and dups");
}

TEST(QueryJsonTest, RefusesWrongTypesAndBounds) {
  for (const auto& [member, message] : {
           std::pair{R"("vector":[])", "vector must be a list of numbers"},
           std::pair{R"("vector":["a"])", "vector must be a list of numbers"},
           std::pair{R"("vector":1)", "vector must be a list of numbers"},
           std::pair{R"("like":"")", "like must be a text that is not empty"},
           std::pair{R"("like":1)", "like must be a text that is not empty"},
           std::pair{R"("k":0)", "k must be a whole number from 1 to 1000"},
           std::pair{R"("k":1001)", "k must be a whole number from 1 to 1000"},
           std::pair{R"("k":2.5)", "k must be a whole number from 1 to 1000"},
           std::pair{R"("k":"5")", "k must be a whole number from 1 to 1000"},
           std::pair{R"("ef":2001)", "ef must be a whole number from 1 to 2000"},
           std::pair{R"("exact":1)", "exact must be true or false"},
           std::pair{R"("type":[1])",
                     "type must be the end of names, as \"md\", or a list of such"},
           std::pair{R"("type":".md")", "type must be the end of names without the dot, as \"md\""},
           std::pair{R"("type":"")", "type must be the end of names without the dot, as \"md\""},
           std::pair{R"("after":"yesterday")",
                     "after must be a date, as \"2026-01-31\", or seconds"},
           std::pair{R"("mode":"fast")", "mode must be hybrid, semantic or lexical"},
           std::pair{R"("mode":1)", "mode must be hybrid, semantic or lexical"},
           std::pair{R"("mode":"lexical","like":"a")", "modes hybrid and lexical need a text"},
           std::pair{R"("text":"")", "text must be a text that is not empty"},
           std::pair{R"("fusion":"max")", "fusion must be weighted or rrf"},
           std::pair{R"("semantic_weight":-1)", "semantic_weight must be a number from 0 to 100"},
           std::pair{R"("path_weight":101)", "path_weight must be a number from 0 to 100"},
           std::pair{R"("recency":"x")", "recency must be a number from 0 to 3650"},
           std::pair{R"("fold":1)", "fold must be true or false"},
           std::pair{R"("text_bytes":2049)", "text_bytes must be a whole number from 0 to 2048"},
           std::pair{R"("colour":1)", "unknown member colour"},
           std::pair{R"("space":{"name":1})", "member space may not be in or have an object"},
       }) {
    const Refusal refusal = refused_json(std::string("{") + member + "}");
    EXPECT_EQ(refusal.error, EINVAL) << member;
    EXPECT_EQ(refusal.message, message);
  }
}

}  // namespace
}  // namespace vexfs::engine
