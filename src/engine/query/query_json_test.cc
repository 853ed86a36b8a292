// Tests of queries in JSON: every member, its bounds, and the sentences of refusals.
#include "engine/query/query_json.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace vexfs::engine {
namespace {

Refusal refused_json(const std::string& text) {
  auto request = parse_query_json(text);
  EXPECT_FALSE(request.ok()) << text;
  return request.ok() ? Refusal(0, "") : std::move(request).failure();
}

QueryRequest parsed_json(const std::string& text) {
  auto request = parse_query_json(text);
  if (request.ok()) return std::move(request).value();
  ADD_FAILURE() << text << ": " << request.failure().message;
  return {};
}

TEST(QueryJsonTest, ReadsAllMembers) {
  const QueryRequest request =
      parsed_json(R"({"vector":[0.5,-1],"k":25,"ef":300,"exact":true,"space":"clip","path":"a/b",)"
                  R"("type":["md","tar.gz"],"after":"2026-01-31","mode":"semantic"})");
  const Query query = request.query();
  EXPECT_EQ(std::vector<float>(query.vector.begin(), query.vector.end()),
            (std::vector<float>{0.5, -1}));
  EXPECT_EQ(query.k, 25u);
  EXPECT_EQ(query.ef, 300u);
  EXPECT_TRUE(query.exact);
  EXPECT_EQ(query.space, "clip");
  EXPECT_EQ(query.path, "a/b");
  EXPECT_EQ(query.types, (std::vector<std::string_view>{"md", "tar.gz"}));
  EXPECT_EQ(query.after, 1769817600);
  EXPECT_EQ(query.like, "");
}

TEST(QueryJsonTest, ReadsTexts) {
  const QueryRequest request = parsed_json(
      R"({"text":"renew a passport","mode":"lexical","fusion":"rrf","semantic_weight":0.5,)"
      R"("path_weight":1,"recency":30,"fold":false,"text_bytes":0})");
  const Query query = request.query();
  EXPECT_EQ(query.text, "renew a passport");
  EXPECT_EQ(query.mode, QueryMode::kLexical);
  EXPECT_EQ(query.fusion.kind, FusionOptions::Kind::kReciprocalRank);
  EXPECT_EQ(query.fusion.semantic_weight, 0.5F);
  EXPECT_EQ(query.fusion.path_weight, 1);
  EXPECT_EQ(query.fusion.recency_days, 30);
  EXPECT_FALSE(query.fold_duplicates);
  EXPECT_EQ(query.text_bytes, 0U);
  const QueryRequest plain = parsed_json(R"({"text":"x"})");
  EXPECT_EQ(plain.query().mode, QueryMode::kHybrid);
  EXPECT_EQ(plain.query().fusion, FusionOptions());
  EXPECT_TRUE(plain.query().fold_duplicates);
  EXPECT_EQ(plain.query().text_bytes, limits::kHitTextBytesMax);
}

TEST(QueryJsonTest, HasDefaults) {
  const auto request = parsed_json(R"({"like":"a.md"})");
  const Query query = request.query();
  EXPECT_EQ(query.like, "a.md");
  EXPECT_EQ(query.k, limits::kHitsDefault);
  EXPECT_EQ(query.ef, 0u);
  EXPECT_FALSE(query.exact);
  EXPECT_EQ(query.after, 0);
  EXPECT_TRUE(query.types.empty());
}

TEST(QueryJsonTest, TakesOneTypeAndSeconds) {
  const QueryRequest request = parsed_json(R"({"like":"a","type":"md","after":-5})");
  EXPECT_EQ(request.types, std::vector<std::string>{"md"});
  EXPECT_EQ(request.after, -5);
}

TEST(QueryJsonTest, AsksForDuplicates) {
  EXPECT_EQ(parsed_json(R"({"dups":0.25,"space":"s"})").dups, 0.25F);
  EXPECT_EQ(parsed_json(R"({"dups":0})").dups, 0.0F);
  EXPECT_EQ(refused_json(R"({"dups":1e39})").message, "dups must be a distance");
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

TEST(QueryJsonTest, ReadsDates) {
  const auto date = [](const char* text) { return parse_date(text); };
  EXPECT_EQ(date("1970-01-01").value(), 0);
  EXPECT_EQ(date("2000-02-29").value(), 951782400);
  EXPECT_EQ(date("1969-12-31T23:59:59Z").value(), -1);
  EXPECT_EQ(date("2026-11-24T21:38:12Z").value(), 1795556292);
  EXPECT_EQ(date("9999-12-31").value(), 253402214400);
  for (const char* bad : {"", "2026", "2026-1-1", "2026-13-01", "2026-00-01", "2026-02-29",
                          "1900-02-29", "2026-04-31", "0000-01-01", "2026-01-01T00:00:00",
                          "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z", "+026-01-01"}) {
    EXPECT_FALSE(date(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace vexfs::engine
