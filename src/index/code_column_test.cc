// Distances of codes are those of the vectors, but for an error within the stated bound.
#include "index/code_column.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "base/limits.h"

namespace vexfs::index {
namespace {

std::vector<float> random_vector(uint32_t dim, Metric metric, std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(dim);
  double square = 0;
  for (float& x : vector) {
    x = normal(random) * (metric == Metric::kCosine ? 1 : 10);
    square += x * x;
  }
  if (metric == Metric::kCosine)
    for (float& x : vector) x /= static_cast<float>(std::sqrt(square));
  return vector;
}

double distance_of(Metric metric, const std::vector<float>& a, const std::vector<float>& b) {
  double dot = 0;
  double l2 = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    dot += double{a[i]} * b[i];
    l2 += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
  }
  if (metric == Metric::kL2) return l2;
  return metric == Metric::kCosine ? 1 - dot : -dot;
}

TEST(CodeShape, RowsHoldTheirParts) {
  for (uint32_t dim = 1; dim <= limits::kDimMax; ++dim) {
    const CodeShape shape = CodeShape::of(dim);
    EXPECT_GE(shape.meta_offset, dim);
    EXPECT_EQ(shape.meta_offset % 4, 0U);
    EXPECT_GE(shape.stride_bytes, shape.meta_offset + 8);
    EXPECT_EQ(shape.stride_bytes % 8, 0U);
    EXPECT_LE(shape.stride_bytes, dim + 8 + 64);
  }
  EXPECT_EQ(CodeShape::of(100).stride_bytes, 128U);
  EXPECT_EQ(CodeShape::of(128).stride_bytes, 136U);
  EXPECT_EQ(CodeShape::of(768).stride_bytes, 776U);
}

TEST(CodeColumn, DistancesAreRightWithinTheBound) {
  std::mt19937 random(1);
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    for (const uint32_t dim : {1U, 3U, 64U, 100U, 768U, limits::kDimMax}) {
      CodeColumn codes = std::move(CodeColumn::create(dim, metric)).value();
      constexpr uint32_t kRows = 20;
      ASSERT_TRUE(codes.grow(kRows).ok());
      std::vector<std::vector<float>> vectors;
      std::vector<uint32_t> slots;
      for (uint32_t slot = 0; slot < kRows; ++slot) {
        vectors.push_back(random_vector(dim, metric, random));
        slots.push_back(kRows - 1 - slot);
        codes.encode(slot, vectors.back().data());
      }
      const std::vector<float> query = random_vector(dim, metric, random);
      std::vector<int8_t> bytes(dim);
      std::vector<int32_t> dots(kRows);
      std::vector<float> distances(kRows);
      const CodeQuery coded = codes.query(query.data(), bytes.data());
      codes.distances(coded, slots.data(), kRows, dots.data(), distances.data());
      const float bound = codes.error_bound(coded);
      for (uint32_t i = 0; i < kRows; ++i)
        EXPECT_NEAR(distances[i], distance_of(metric, query, vectors[slots[i]]), bound);
      // The error stays below the bound, and the bound is not so wide as to be useless.
      EXPECT_TRUE(metric != Metric::kCosine || dim < 64 || bound < 0.05);
    }
  }
}

TEST(CodeColumn, DistancesDifferInErrorByLessThanIsLikely) {
  std::mt19937 random(3);
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    for (const uint32_t dim : {16U, 100U, 768U}) {
      CodeColumn codes = std::move(CodeColumn::create(dim, metric)).value();
      constexpr uint32_t kRows = 1000;
      ASSERT_TRUE(codes.grow(kRows).ok());
      std::vector<std::vector<float>> vectors;
      for (uint32_t slot = 0; slot < kRows; ++slot) {
        vectors.push_back(random_vector(dim, metric, random));
        codes.encode(slot, vectors.back().data());
      }
      const std::vector<float> query = random_vector(dim, metric, random);
      std::vector<int8_t> bytes(dim);
      const CodeQuery coded = codes.query(query.data(), bytes.data());
      const float likely = codes.likely_error(coded);
      EXPECT_LT(likely, codes.error_bound(coded));
      int outside = 0;
      double last = 0;
      for (uint32_t slot = 0; slot < kRows; ++slot) {
        int32_t dot = 0;
        float distance = 0;
        codes.distances(coded, &slot, 1, &dot, &distance);
        const double error = distance - distance_of(metric, query, vectors[slot]);
        outside += slot > 0 && std::fabs(error - last) > likely ? 1 : 0;
        last = error;
      }
      EXPECT_LE(outside, 10) << "dim " << dim;
    }
  }
}

TEST(CodeColumn, ARowIsAQueryToo) {
  std::mt19937 random(2);
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    CodeColumn codes = std::move(CodeColumn::create(100, metric)).value();
    ASSERT_TRUE(codes.grow(2).ok());
    const std::vector<float> a = random_vector(100, metric, random);
    const std::vector<float> b = random_vector(100, metric, random);
    codes.encode(0, a.data());
    codes.encode(1, b.data());
    std::vector<int8_t> bytes(100);
    const uint32_t slot = 1;
    int32_t dot = 0;
    float distance = 0;
    codes.distances(codes.row_query(0, bytes.data()), &slot, 1, &dot, &distance);
    const float bound = codes.error_bound(codes.query(a.data(), bytes.data()));
    EXPECT_NEAR(distance, distance_of(metric, a, b), 2 * bound);
  }
}

TEST(CodeColumn, AVectorOfZerosHasNoScale) {
  CodeColumn codes = std::move(CodeColumn::create(5, Metric::kL2)).value();
  ASSERT_TRUE(codes.grow(1).ok());
  const std::vector<float> zeros(5, 0.0F);
  const std::vector<float> query = {1, 2, 3, 4, 5};
  codes.encode(0, zeros.data());
  std::vector<int8_t> bytes(5);
  const uint32_t slot = 0;
  int32_t dot = 0;
  float distance = 0;
  codes.distances(codes.query(query.data(), bytes.data()), &slot, 1, &dot, &distance);
  EXPECT_FLOAT_EQ(distance, 55);
  codes.distances(codes.query(zeros.data(), bytes.data()), &slot, 1, &dot, &distance);
  EXPECT_EQ(distance, 0);
}

}  // namespace
}  // namespace vexfs::index
