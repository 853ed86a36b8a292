// The generator makes the same vectors for the same seed, and its rotations keep lengths.
#include "clustered.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace vexfs::bench {
namespace {

double squared_length(const std::vector<float>& vector) {
  return std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0);
}

TEST(SeededRandomTest, IsTheSameEverywhere) {
  SeededRandom random(1);
  EXPECT_EQ(random.bits(), 14971601782005023387U);
  EXPECT_EQ(random.bits(), 13781649495232077965U);
}

TEST(SeededRandomTest, NormalNumbersHaveMeanZeroAndVarianceOne) {
  SeededRandom random(3);
  double sum = 0;
  double squares = 0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0, 0.02);
  EXPECT_NEAR(squares / kCount, 1, 0.02);
}

TEST(RotationTest, KeepsLengthsAndAngles) {
  for (const size_t dim : {1U, 3U, 12U, 100U, 128U, 768U}) {
    SeededRandom random(5);
    Rotation rotation(dim, random);
    std::vector<float> a(dim);
    std::vector<float> b(dim);
    for (float& x : a) x = static_cast<float>(random.normal());
    for (float& x : b) x = static_cast<float>(random.normal());
    const double before = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    const double length = squared_length(a);
    rotation.apply(a);
    rotation.apply(b);
    EXPECT_NEAR(squared_length(a), length, 1e-4 * length) << dim;
    EXPECT_NEAR(std::inner_product(a.begin(), a.end(), b.begin(), 0.0), before, 1e-3 * length);
  }
}

TEST(ClusteredVectorsTest, SeedDecidesEverything) {
  const ClusterShape shape = {.dim = 24, .clusters = 5, .seed = 9};
  ClusteredVectors one(shape);
  ClusteredVectors same(shape);
  ClusteredVectors other({.dim = 24, .clusters = 5, .seed = 10});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(one.next(), same.next());
  EXPECT_NE(one.next(), other.next());
}

TEST(ClusteredVectorsTest, NormalisedOnesHaveLengthOne) {
  ClusteredVectors vectors({.dim = 48, .clusters = 7, .normalised = true, .seed = 2});
  for (int i = 0; i < 100; ++i) EXPECT_NEAR(squared_length(vectors.next()), 1, 1e-5);
}

}  // namespace
}  // namespace vexfs::bench
