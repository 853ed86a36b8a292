// The bench's figures, from answers that the test chooses.
#include "cli/bench.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cli/tree/testing/fake_tree.h"

namespace vexfs::cli {
namespace {

TEST(BenchTest, VectorsAreClusteredAndRepeatable) {
  const Vectors vectors = clustered_vectors(50, 8, 1, 3);
  EXPECT_EQ(vectors, clustered_vectors(50, 8, 1, 3));
  EXPECT_NE(vectors, clustered_vectors(50, 8, 1, 4));
  for (const auto& vector : vectors) {
    double distance = 0;
    for (size_t i = 0; i < vector.size(); ++i) distance += std::pow(vector[i] - vectors[0][i], 2);
    EXPECT_LT(distance, 20);
  }
}

TEST(BenchTest, QueriesAreStoredVectorsMovedALittle) {
  FakeTree tree;
  tree.files = {{"a", {3, 4}}, {"b", {}}, {"c", {-300, 400, 1, 1}}};
  std::string problem;
  const Vectors queries = queries_from(tree, tree.space, 10, problem);
  ASSERT_EQ(queries.size(), 2u) << problem;
  ASSERT_EQ(queries[1].size(), 2u);
  EXPECT_NE(queries[0][0], 3);
  EXPECT_NEAR(queries[0][0], 3, 5 * 0.3 * 5);
  EXPECT_LT(queries[1][0], 0);
  EXPECT_EQ(queries_from(tree, tree.space, 1, problem).size(), 1u);
}

TEST(BenchTest, Percentiles) {
  std::vector<double> values;
  for (int i = 100; i >= 0; --i) values.push_back(i);
  EXPECT_EQ(latencies_of(values).p50_us, 50);
  EXPECT_EQ(latencies_of(values).p99_us, 99);
  EXPECT_EQ(latencies_of({}).p99_us, 0);
}

TEST(BenchTest, RecallCountsHitsAsGoodAsTheTrueOnes) {
  FakeTree tree;
  tree.answer = [](const Json& request) -> std::string {
    if (request.contains("exact")) {
      return R"({"hits":[{"score":0.9},{"score":0.8},{"score":0.7},{"score":0.5}]})";
    }
    // One score ties with the last true one, one is worse, and one hit is missing.
    return R"({"hits":[{"score":0.9},{"score":0.500001},{"score":0.4}]})";
  };
  SearchFigures figures;
  std::string problem;
  ASSERT_TRUE(measure_search(tree, tree.space, Vectors(3, {1, 2}), 4, figures, problem));
  EXPECT_EQ(figures.queries, 3u);
  EXPECT_EQ(figures.recall, 0.5);
  EXPECT_EQ(figures.short_of, 3u);
  tree.answer = [](const Json&) { return R"({"error":{"code":"EIO","message":"broken"}})"; };
  EXPECT_FALSE(measure_search(tree, tree.space, Vectors(3, {1, 2}), 4, figures, problem));
  EXPECT_EQ(problem, "broken");
}

}  // namespace
}  // namespace vexfs::cli
