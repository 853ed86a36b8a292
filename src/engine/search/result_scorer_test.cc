// Tests of ResultScorer: scores by metric, one hit a file, ties by path.
#include "engine/search/result_scorer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vexfs::engine {
namespace {

ScoredPassage passage(uint64_t object, uint32_t ordinal, float distance, const char* path) {
  ScoredPassage scored;
  scored.passage.object = store::ObjectId{object};
  scored.passage.ordinal = ordinal;
  scored.passage.start = ordinal * 100;
  scored.distance = distance;
  scored.path = path;
  return scored;
}

std::string paths(const std::vector<ScoredPassage>& passages) {
  std::string all;
  for (const ScoredPassage& scored : passages) all += scored.path + " ";
  return all;
}

TEST(ResultScorerTest, ScoresGrowAsDistancesShrink) {
  EXPECT_EQ(ResultScorer(Metric::kCosine).score(0.25F), 0.75F);
  EXPECT_EQ(ResultScorer(Metric::kL2).score(4), -4);
  EXPECT_EQ(ResultScorer(Metric::kInnerProduct).score(-3), 3);
  EXPECT_FALSE(std::signbit(ResultScorer(Metric::kL2).score(0)));
}

TEST(ResultScorerTest, RanksBestFirstAndTiesByPath) {
  std::vector<ScoredPassage> passages = {passage(1, 0, 0.5F, "z"), passage(2, 0, 0.1F, "y"),
                                         passage(3, 0, 0.5F, "a"), passage(4, 0, 0.5F, "B")};
  ResultScorer::rank(passages, 10);
  EXPECT_EQ(paths(passages), "y B a z ");
  ResultScorer::rank(passages, 2);
  EXPECT_EQ(paths(passages), "y B ");
}

TEST(ResultScorerTest, KeepsTheBestPassageOfAFile) {
  std::vector<ScoredPassage> passages = {passage(1, 0, 0.5F, "a"), passage(1, 2, 0.2F, "a"),
                                         passage(2, 0, 0.3F, "b"), passage(1, 1, 0.2F, "a")};
  ResultScorer::rank(passages, 10);
  ASSERT_EQ(paths(passages), "a b ");
  EXPECT_EQ(passages[0].passage.ordinal, 1u);  // Of equal passages, the first one counts.
  const Hit hit = ResultScorer(Metric::kCosine).hit(passages[0]);
  EXPECT_EQ(hit.path, "a");
  EXPECT_EQ(hit.start, 100u);
  EXPECT_EQ(hit.score, 0.8F);
}

TEST(TextScorerTest, SumsBothHalves) {
  const TextScorer scorer(QueryMode::kHybrid, {}, {0.8F, 10}, 10);
  EXPECT_EQ(scorer.score({0.8F, 10}, 0), 1);
  EXPECT_NEAR(scorer.score({0.4F, 5}, 0), 0.5, 1e-6);
  EXPECT_NEAR(scorer.score({0.8F, 0}, 0), 0.7 / 1.7, 1e-6);
  EXPECT_NEAR(scorer.score({0, 10}, 0), 1 / 1.7, 1e-6);
  EXPECT_EQ(scorer.score({-0.5F, 10}, 0), scorer.score({0, 10}, 0));
  // A half that found nothing has no weight.
  EXPECT_EQ(TextScorer(QueryMode::kHybrid, {}, {0.8F, 0}, 10).score({0.4F, 0}, 0), 0.5F);
  EXPECT_EQ(TextScorer(QueryMode::kHybrid, {}, {0, 10}, 10).score({0, 5}, 0), 0.5F);
  EXPECT_EQ(TextScorer(QueryMode::kHybrid, {}, {0, 0}, 10).score({0, 0}, 0), 0);
}

TEST(TextScorerTest, WordsWeighAsMuchAsTheBestHasOfThem) {
  const TextScorer scorer(QueryMode::kHybrid, {}, {0.8F, 10}, 20);
  EXPECT_EQ(scorer.score({0.8F, 10}, 0), 1);
  EXPECT_NEAR(scorer.score({0.8F, 0}, 0), 0.7 / 1.2, 1e-6);
  EXPECT_NEAR(scorer.score({0, 10}, 0), 0.5 / 1.2, 1e-6);
}

TEST(TextScorerTest, ModesTakeOneOfThem) {
  EXPECT_EQ(TextScorer(QueryMode::kSemantic, {}, {0.8F, 0}, 10).score({0.4F, 0}, 0), 0.4F);
  EXPECT_EQ(TextScorer(QueryMode::kLexical, {}, {0, 10}, 10).score({0, 5}, 0), 0.5F);
  const auto of_words = TextScorer(QueryMode::kLexical, {}, {0, 10}, 10).of_text(0.5F, {0, 5});
  EXPECT_FALSE(of_words.semantic.has_value());
  EXPECT_EQ(of_words.lexical, 0.5F);
  const auto of_both = TextScorer(QueryMode::kHybrid, {}, {0.5F, 10}, 10).of_text(0.3F, {0.2F, 0});
  EXPECT_EQ(of_both.semantic, 0.2F);
  EXPECT_FALSE(of_both.lexical.has_value());
}

TEST(TextScorerTest, OptionsWeighOtherThings) {
  FusionOptions options;
  options.path_weight = 1;
  options.recency_days = 10;
  options.semantic_weight = 1;
  const TextScorer scorer(QueryMode::kHybrid, options, {1, 1}, 1);
  EXPECT_EQ(scorer.score({1, 1}, 1), 1);
  EXPECT_NEAR(scorer.score({1, 1}, 0.5F), 2.5 / 3, 1e-6);
  constexpr int64_t kDay = 86400;
  EXPECT_EQ(scorer.aged(0.8F, 100 * kDay, 100 * kDay), 0.8F);
  EXPECT_NEAR(scorer.aged(0.8F, 90 * kDay, 100 * kDay), 0.4, 1e-6);
  EXPECT_EQ(scorer.aged(0.8F, 101 * kDay, 100 * kDay), 0.8F) << "from the future";
  EXPECT_EQ(scorer.aged(-0.1F, 0, 100 * kDay), -0.1F);
  EXPECT_EQ(TextScorer(QueryMode::kHybrid, {}, {1, 1}, 10).aged(0.8F, 0, 100 * kDay), 0.8F);
}

TEST(TextScorerTest, RanksAreSummedReciprocally) {
  const TextScorer scorer(QueryMode::kHybrid, {}, {1, 1}, 1);
  EXPECT_EQ(scorer.score_of_ranks(1, 1, 0), 1);
  EXPECT_EQ(scorer.score_of_ranks(1, 0, 0), 0.5F);
  EXPECT_NEAR(scorer.score_of_ranks(2, 1, 0), (61.0 / 62 + 1) / 2, 1e-6);
  EXPECT_GT(scorer.score_of_ranks(5, 5, 0), scorer.score_of_ranks(1, 0, 0));
}

}  // namespace
}  // namespace vexfs::engine
