// Compares every kernel with the scalar oracle: each instruction set, each dimension, rows that lie
// at every alignment and end where readable memory ends.
#include "kernels/distance.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "base/limits.h"
#include "kernels/testing/every_target.h"
#include "kernels/testing/scalar.h"

namespace vexfs::kernels {
namespace {

// Readable bytes with a page behind them that is not: reading past the end is a fault.
class GuardedBytes {
 public:
  static constexpr size_t kBytes = limits::kDimMax * sizeof(float);

  GuardedBytes() {
    void* pages = ::mmap(nullptr, kBytes + kPageBytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_NE(pages, MAP_FAILED);
    base_ = static_cast<std::byte*>(pages);
    EXPECT_EQ(::mprotect(base_ + kBytes, kPageBytes, PROT_NONE), 0);
  }
  ~GuardedBytes() { ::munmap(base_, kBytes + kPageBytes); }
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;

  // The last `count` elements before the guard page; as `count` varies, every alignment occurs.
  template <typename Element>
  Element* last(size_t count) {
    return reinterpret_cast<Element*>(base_ + kBytes) - count;
  }

 private:
  static constexpr size_t kPageBytes = 4096;
  std::byte* base_ = nullptr;
};

float converted(float value, const float* /*to*/) { return value; }
Float16 converted(float value, const Float16* /*to*/) { return to_float16(value); }
BFloat16 converted(float value, const BFloat16* /*to*/) { return to_bfloat16(value); }

// A query and a row of the largest dimension; the last `dim` of each make a smaller pair.
template <typename Row>
struct Pair {
  GuardedBytes query_bytes;
  GuardedBytes row_bytes;
  const float* query(size_t dim) { return query_bytes.last<float>(dim); }
  const Row* row(size_t dim) { return row_bytes.last<Row>(dim); }

  // Values of very different size, so that an element that is left out or counted twice shows.
  Pair() {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    float* q = query_bytes.last<float>(limits::kDimMax);
    Row* r = row_bytes.last<Row>(limits::kDimMax);
    for (size_t i = 0; i < limits::kDimMax; ++i) {
      q[i] = normal(random);
      r[i] = converted(normal(random) * (i % 7 == 0 ? 16.0F : 1.0F), r);
    }
  }
};

// What is added up for the last `dim` elements, by the oracle, and its sum of absolute values.
struct Expected {
  double dot = 0;
  double dot_magnitude = 0;
  double l2_squared = 0;
  double norm_squared = 0;
};

template <typename Row>
std::vector<Expected> expected_of(Pair<Row>& pair) {
  std::vector<Expected> expected(limits::kDimMax + 1);
  for (size_t dim = 1; dim <= limits::kDimMax; ++dim) {  // One element more, at the front.
    const float* q = pair.query(dim);
    const Row* r = pair.row(dim);
    const Expected& before = expected[dim - 1];
    expected[dim] = {.dot = before.dot + scalar::dot(q, r, 1),
                     .dot_magnitude = before.dot_magnitude + std::abs(scalar::dot(q, r, 1)),
                     .l2_squared = before.l2_squared + scalar::l2_squared(q, r, 1),
                     .norm_squared = before.norm_squared + scalar::norm_squared(r, 1)};
  }
  return expected;
}

double bound(size_t dim, double magnitude) {
  return (static_cast<double>(dim) + 3) * 0x1p-24 * magnitude;
}

template <typename Row>
class DistanceTest : public testing::Test {};
using Rows = testing::Types<float, Float16, BFloat16>;
TYPED_TEST_SUITE(DistanceTest, Rows);

TYPED_TEST(DistanceTest, EveryDimensionIsWithinTheBound) {
  Pair<TypeParam> pair;
  const std::vector<Expected> expected = expected_of(pair);
  for_every_target([&] {
    for (size_t dim = 1; dim <= limits::kDimMax; ++dim) {
      const float* q = pair.query(dim);
      const TypeParam* r = pair.row(dim);
      const Expected& right = expected[dim];
      ASSERT_NEAR(dot(q, r, dim), right.dot, bound(dim, right.dot_magnitude)) << dim;
      ASSERT_NEAR(l2_squared(q, r, dim), right.l2_squared, bound(dim, right.l2_squared)) << dim;
      const DotAndNorm both = dot_and_norm(q, r, dim);
      ASSERT_NEAR(both.dot, right.dot, bound(dim, right.dot_magnitude)) << dim;
      ASSERT_NEAR(both.norm_squared, right.norm_squared, bound(dim, right.norm_squared)) << dim;
    }
  });
}

// The running sums above equal the oracle's, except for the order of additions.
TYPED_TEST(DistanceTest, OracleOfTheWholeRowAgrees) {
  Pair<TypeParam> pair;
  const Expected right = expected_of(pair).back();
  const float* q = pair.query(limits::kDimMax);
  const TypeParam* r = pair.row(limits::kDimMax);
  EXPECT_NEAR(scalar::dot(q, r, limits::kDimMax), right.dot, 1e-9 * right.dot_magnitude);
  EXPECT_NEAR(scalar::l2_squared(q, r, limits::kDimMax), right.l2_squared, 1e-9 * right.l2_squared);
  EXPECT_NEAR(scalar::norm_squared(r, limits::kDimMax), right.norm_squared,
              1e-9 * right.norm_squared);
}

TYPED_TEST(DistanceTest, OfNothingIsZero) {
  Pair<TypeParam> pair;
  for_every_target([&] {
    EXPECT_EQ(dot(pair.query(0), pair.row(0), 0), 0);
    EXPECT_EQ(l2_squared(pair.query(0), pair.row(0), 0), 0);
    EXPECT_EQ(dot_and_norm(pair.query(0), pair.row(0), 0).norm_squared, 0);
  });
}

TYPED_TEST(DistanceTest, OfARowToItselfIsZero) {
  Pair<TypeParam> pair;
  std::vector<float> same(limits::kDimMax);
  const TypeParam* r = pair.row(limits::kDimMax);
  for (size_t i = 0; i < same.size(); ++i) same[i] = to_float(r[i]);
  for_every_target([&] {
    for (const size_t dim : {1U, 3U, 31U, 100U, 768U, 4096U})
      EXPECT_EQ(l2_squared(same.data(), r, dim), 0) << dim;
  });
}

// Subnormal halves too, by each instruction set's own conversion. Infinities are left out: rows are
// finite, and Highway's conversion for SSE makes 65,536 of them.
TEST(HalfRowTest, EveryFiniteHalfIsWidenedAsTheScalarConversionDoes) {
  const std::vector<float> ones(16, 1.0F);
  for_every_target([&] {
    for (uint32_t bits = 0; bits <= UINT16_MAX; ++bits) {
      const auto half = Float16{static_cast<uint16_t>(bits)};
      if (!std::isfinite(to_float(half))) continue;
      std::vector<Float16> row(16);
      row[bits % 16] = half;
      ASSERT_EQ(dot(ones.data(), row.data(), 16), to_float(half)) << bits;
    }
  });
}

}  // namespace
}  // namespace vexfs::kernels
