// Brute force, its file, and recall, on sets small enough to reckon by hand.
#include "truth.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "clustered.h"

namespace vexfs::bench {
namespace {

class TruthTest : public testing::Test {
 protected:
  std::string path(const std::string& name) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return testing::TempDir() + "ann_" + test->name() + "." + name;
  }

  Matrix matrix(const std::string& name, const std::vector<std::vector<float>>& rows) {
    auto writer = MatrixWriter::create(path(name), rows.size(), rows[0].size());
    EXPECT_TRUE(writer.ok());
    for (const auto& row : rows) EXPECT_TRUE(writer.value().add(row.data()).ok());
    EXPECT_TRUE(writer.value().finish().ok());
    Result<Matrix> read = Matrix::open(path(name));
    EXPECT_TRUE(read.ok());
    return std::move(read).value();
  }
};

std::vector<std::vector<float>> on_a_line(size_t count) {
  std::vector<std::vector<float>> rows;
  for (size_t i = 0; i < count; ++i) rows.push_back({static_cast<float>(i), 0});
  return rows;
}

TEST_F(TruthTest, NearestOnALine) {
  const Matrix base = matrix("base", on_a_line(1000));
  const Matrix queries = matrix("queries", {{2.2F, 0}, {998.9F, 0}});
  const Truth truth = find_truth(base, {.rows = 1000}, queries, 2, 3, Metric::kL2, 2);
  EXPECT_EQ(truth.ids, (std::vector<uint32_t>{2, 3, 1, 999, 998, 997}));
  EXPECT_FLOAT_EQ(truth.distances[1], 0.64F);
}

TEST_F(TruthTest, OnlyTheRowsOfTheSetCount) {
  const Matrix base = matrix("base", on_a_line(10));
  const Matrix queries = matrix("queries", {{3, 0}});
  std::vector<bool> allowed(8, false);
  allowed[1] = allowed[7] = true;
  const RowSet set = {.rows = 8, .allowed = &allowed};
  const Truth truth = find_truth(base, set, queries, 1, 3, Metric::kL2, 1);
  EXPECT_EQ(truth.ids, (std::vector<uint32_t>{1, 7, kNoRow}));
  EXPECT_EQ(count_wanted(truth, 0, 3), 2u);
}

TEST_F(TruthTest, EachMetricHasItsOrder) {
  const Matrix base = matrix("base", {{1, 0}, {0.6F, 0.8F}, {0, 1}});
  const Matrix queries = matrix("queries", {{0, 1}});
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    const Truth truth = find_truth(base, {.rows = 3}, queries, 1, 3, metric, 1);
    EXPECT_EQ(truth.ids, (std::vector<uint32_t>{2, 1, 0}));
  }
  EXPECT_FLOAT_EQ(exact_distance(queries.row(0), base.row(1), 2, Metric::kCosine), 0.2F);
  EXPECT_FLOAT_EQ(exact_distance(queries.row(0), base.row(1), 2, Metric::kInnerProduct), -0.8F);
}

TEST_F(TruthTest, TiesCountWhicheverTheTruthNames) {
  const Matrix base = matrix("base", {{0, 0}, {1, 0}, {-1, 0}, {5, 0}});
  const Matrix queries = matrix("queries", {{0, 0}});
  const Truth truth = find_truth(base, {.rows = 4}, queries, 1, 2, Metric::kL2, 1);
  const auto hits = [&](std::vector<uint32_t> found) {
    return count_hits(truth, 0, 2, found, queries.row(0), base, Metric::kL2);
  };
  EXPECT_EQ(hits({0, 1}), 2u);
  EXPECT_EQ(hits({0, 2}), 2u);
  EXPECT_EQ(hits({1, 2}), 2u);
  EXPECT_EQ(hits({0, 3}), 1u);
  EXPECT_EQ(hits({0, 0}), 1u);       // Found twice.
  EXPECT_EQ(hits({0, kNoRow}), 1u);  // Found only one.
}

TEST_F(TruthTest, FileKeepsIt) {
  const Matrix base = matrix("base", on_a_line(20));
  const Matrix queries = matrix("queries", {{4, 0}, {9, 0}});
  const Truth truth = find_truth(base, {.rows = 20}, queries, 2, 5, Metric::kL2, 1);
  ASSERT_TRUE(write_truth(truth, path("gt")).ok());
  const Result<Truth> read = read_truth(path("gt"));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().ids, truth.ids);
  EXPECT_EQ(read.value().distances, truth.distances);
  std::ofstream(path("gt"), std::ios::app) << "x";
  EXPECT_EQ(read_truth(path("gt")).error(), EUCLEAN);
  EXPECT_EQ(read_truth(path("absent")).error(), ENOENT);
}

TEST_F(TruthTest, VectorsOfAnotherSizeAreRefused) {
  matrix("base", on_a_line(3));
  std::ofstream(path("base"), std::ios::app) << "x";
  EXPECT_EQ(Matrix::open(path("base")).error(), EUCLEAN);
  std::ofstream(path("base"), std::ios::trunc) << "1234";
  EXPECT_EQ(Matrix::open(path("base")).error(), EUCLEAN);
}

TEST_F(TruthTest, WriterHoldsItsAnnouncement) {
  auto writer = MatrixWriter::create(path("base"), 1, 2);
  ASSERT_TRUE(writer.ok());
  const std::vector<float> row = {1, 2};
  EXPECT_EQ(writer.value().finish().error(), EINVAL);
  EXPECT_TRUE(writer.value().add(row.data()).ok());
  EXPECT_EQ(writer.value().add(row.data()).error(), EINVAL);
}

}  // namespace
}  // namespace vexfs::bench
