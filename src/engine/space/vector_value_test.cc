// Lengths, alignment and numbers of values.
#include "engine/space/vector_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

constexpr SpaceParameters kThreeFloats{.dim = 3, .metric = Metric::kCosine};

std::vector<std::byte> bytes_of(const std::vector<float>& floats, size_t before = 0) {
  std::vector<std::byte> bytes(before + floats.size() * 4);
  std::memcpy(bytes.data() + before, floats.data(), floats.size() * 4);
  return bytes;
}

TEST(VectorValue, OneAndSeveralAtAnyAddress) {
  for (size_t before = 0; before < 4; ++before) {
    const std::vector<std::byte> bytes = bytes_of({1, 2, 3, 4, 5, 6}, before);
    const Result<VectorValue> value =
        VectorValue::parse(std::span(bytes).subspan(before), kThreeFloats);
    ASSERT_TRUE(value.ok());
    ASSERT_EQ(value.value().count(), 2U);
    EXPECT_EQ(value.value().vector(0)[0], 1.0F);
    EXPECT_EQ(value.value().vector(1)[2], 6.0F);
  }
}

TEST(VectorValue, WhatIsRefused) {
  EXPECT_EQ(VectorValue::parse({}, kThreeFloats).error(), EINVAL);
  const std::vector<std::byte> good = bytes_of({1, 2, 3});
  EXPECT_EQ(VectorValue::parse(std::span(good).first(11), kThreeFloats).error(), EINVAL);
  EXPECT_EQ(VectorValue::parse(bytes_of({1, 2, 3, 4}), kThreeFloats).error(), EINVAL);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(VectorValue::parse(bytes_of({1, 2, 3, 4, nan, 6}), kThreeFloats).error(), EINVAL);
  EXPECT_EQ(VectorValue::parse(bytes_of({1, 2, INFINITY}), kThreeFloats).error(), EINVAL);
  EXPECT_EQ(VectorValue::parse(bytes_of({0, 0, 0}), kThreeFloats).error(), EINVAL);
  const std::vector<std::byte> large(limits::kXattrValueBytesMax + 12);
  EXPECT_EQ(VectorValue::parse(large, kThreeFloats).error(), E2BIG);
}

TEST(VectorValue, AZeroVectorIsOneWhereDistancesAllowIt) {
  EXPECT_TRUE(VectorValue::parse(bytes_of({0, 0, 0}), {.dim = 3, .metric = Metric::kL2}).ok());
}

}  // namespace
}  // namespace vexfs::engine
