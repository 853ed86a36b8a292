// Test that a query that was written as JSON is read as the same query, whatever members it has.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/query/query_json.h"

namespace vexfs::engine {
namespace {

// Makes valid queries. Each member that may be absent is there in half of them.
class QueryMaker {
 public:
  Query make() {
    Query query;
    // All members are named here, so that the compiler asks how a new one is made.
    auto& [text, mode, fusion, fold_duplicates, text_bytes, vector, like, dups, space, path, types,
           after, k, ef, exact] = query;
    const uint32_t question = up_to(3);
    if (question == 0) text = word();
    if (question == 1) vector = numbers();
    if (question == 2) like = word();
    if (question == 3) dups = number(1e29F) - 5e28F;
    if (coin()) mode = QueryMode::kSemantic;
    if (coin() && question == 0) mode = coin() ? QueryMode::kLexical : QueryMode::kHybrid;
    if (coin()) fusion.kind = FusionOptions::Kind::kReciprocalRank;
    if (coin()) fusion.semantic_weight = number(limits::kFusionWeightMax);
    if (coin()) fusion.path_weight = number(limits::kFusionWeightMax);
    if (coin()) fusion.recency_days = number(limits::kRecencyDaysMax);
    if (coin()) fold_duplicates = false;
    if (coin()) text_bytes = up_to(limits::kHitTextBytesMax);
    if (coin()) space = word();
    if (coin()) path = word();
    for (uint32_t i = coin() ? up_to(limits::kQueryTypesMax) : 0; i > 0; --i) {
      types.push_back("t" + std::to_string(random_()));
    }
    if (coin()) after = static_cast<int64_t>(random_()) - INT32_MAX;
    if (coin()) k = 1 + up_to(limits::kHitsMax - 1);
    if (coin()) ef = 1 + up_to(limits::kEfMax - 1);
    exact = coin();
    return query;
  }

 private:
  bool coin() { return random_() % 2 == 0; }
  uint32_t up_to(uint32_t most) { return static_cast<uint32_t>(random_() % (uint64_t{most} + 1)); }
  float number(float most) { return std::uniform_real_distribution<float>(0, most)(random_); }
  // Not empty, with characters that JSON escapes and some of two to four bytes.
  std::string word() {
    static const std::vector<std::string> kPieces = {"a",  "Z",    " ",    "\"", "\\",     "/",
                                                     "\n", "\x01", "\x7f", "é",  "\u2028", "😀"};
    std::string made;
    for (uint32_t i = 1 + up_to(20); i > 0; --i) {
      made += kPieces[up_to(static_cast<uint32_t>(kPieces.size()) - 1)];
    }
    return made;
  }
  // Floats of any size, among them the smallest and the largest.
  std::vector<float> numbers() {
    std::vector<float> made;
    for (uint32_t i = 1 + up_to(20); i > 0; --i) {
      made.push_back(std::ldexp(number(2) - 1, static_cast<int>(up_to(240)) - 120));
    }
    made.push_back(std::numeric_limits<float>::max());
    made.push_back(std::numeric_limits<float>::denorm_min());
    return made;
  }

  std::mt19937 random_{20260131};
};

TEST(QueryJsonRoundTripTest, EveryQueryComesBack) {
  QueryMaker maker;
  std::set<std::string> written;
  for (int i = 0; i < 2000; ++i) {
    const Query query = maker.make();
    const std::string json = write_query_json(query);
    const auto read = parse_query_json(json);
    ASSERT_TRUE(read.ok()) << json << ": " << read.failure().message;
    ASSERT_EQ(read.value(), query) << json;
    ASSERT_EQ(write_query_json(read.value()), json);
    const nlohmann::json members = nlohmann::json::parse(json);
    for (const auto& [name, value] : members.items()) written.insert(name);
  }
  // Of docs/query.md.
  EXPECT_EQ(written,
            (std::set<std::string>{"after", "dups", "ef", "exact", "fold", "fusion", "k", "like",
                                   "mode", "path", "path_weight", "recency", "semantic_weight",
                                   "space", "text", "text_bytes", "type", "vector"}));
}

// Clients of an older version see what they saw: members that were not given are not written.
TEST(QueryJsonRoundTripTest, LeavesOutDefaults) {
  Query like;
  like.like = "a\"b";
  like.k = 5;
  EXPECT_EQ(write_query_json(like), R"({"k":5,"like":"a\"b"})");
  Query text;
  text.text = "new passport";
  EXPECT_EQ(write_query_json(text), R"({"k":10,"text":"new passport"})");
  Query full;
  full.vector = {0.5, -1};
  full.space = "clip";
  full.path = "old travel";
  full.types = {"md", "txt"};
  full.after = 1767225600;
  full.ef = 100;
  full.exact = true;
  EXPECT_EQ(write_query_json(full),
            R"({"k":10,"vector":[0.5,-1],"space":"clip","path":"old travel",)"
            R"("type":["md","txt"],"after":1767225600,"ef":100,"exact":true})");
}

}  // namespace
}  // namespace vexfs::engine
