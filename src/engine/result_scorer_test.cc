// Tests of ResultScorer: scores by metric, one hit a file, ties by path.
#include "engine/result_scorer.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vexfs::engine {
namespace {

ScoredPassage passage(uint64_t object, uint32_t ordinal, float distance, const char* path) {
  ScoredPassage scored;
  scored.passage.object = ObjectId{object};
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
  EXPECT_EQ(passages[0].passage.ordinal, 1u);  // Of equal ones the first of the file.
  const Hit hit = ResultScorer(Metric::kCosine).hit(passages[0]);
  EXPECT_EQ(hit.path, "a");
  EXPECT_EQ(hit.start, 100u);
  EXPECT_EQ(hit.score, 0.8F);
}

}  // namespace
}  // namespace vexfs::engine
