// Tests of what parameters and vectors a space accepts.
#include "base/vector_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/limits.h"

namespace vexfs {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(CheckParametersTest, TakesWhatIsWithinBoundsAndNothingElse) {
  const SpaceParameters good{.dim = 128};
  EXPECT_TRUE(check_parameters(good).ok());
  const auto with = [&](auto change) {
    SpaceParameters parameters = good;
    change(parameters);
    return check_parameters(parameters).error();
  };
  EXPECT_EQ(with([](auto& p) { p.dim = 0; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.dim = 1; }), 0);
  EXPECT_EQ(with([](auto& p) { p.dim = limits::kDimMax; }), 0);
  EXPECT_EQ(with([](auto& p) { p.dim = limits::kDimMax + 1; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.metric = Metric{0}; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.metric = Metric{4}; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.element = ElementType{0}; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.element = ElementType{3}; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.m = limits::kMMin - 1; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.m = limits::kMMax; }), 0);
  EXPECT_EQ(with([](auto& p) { p.m = limits::kMMax + 1; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.ef_construction = 0; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.ef_construction = limits::kEfMax + 1; }), EINVAL);
  EXPECT_EQ(with([](auto& p) { p.ef_search = limits::kEfMax + 1; }), EINVAL);
}

TEST(CheckVectorTest, RefusesNanAndInfinityAtEveryPlace) {
  for (const size_t dim : {1U, 7U, 8U, 9U, 100U}) {
    for (size_t at = 0; at < dim; ++at) {
      for (const float bad : {kNan, -kNan, kInfinity, -kInfinity}) {
        std::vector<float> vector(dim, 0.5F);
        const SpaceParameters space{.dim = static_cast<uint32_t>(dim), .metric = Metric::kL2};
        ASSERT_TRUE(check_vector(vector.data(), space).ok());
        vector[at] = bad;
        ASSERT_EQ(check_vector(vector.data(), space).error(), EINVAL) << dim << " " << at;
      }
    }
  }
}

int error_of(float value, Metric metric, ElementType element) {
  const std::vector<float> vector(3, value);
  return check_vector(vector.data(), {.dim = 3, .metric = metric, .element = element}).error();
}

TEST(CheckVectorTest, ACosineNeedsALength) {
  EXPECT_EQ(error_of(0, Metric::kCosine, ElementType::kF32), EINVAL);
  EXPECT_EQ(error_of(-0.0F, Metric::kCosine, ElementType::kF32), EINVAL);
  EXPECT_EQ(error_of(1e-30F, Metric::kCosine, ElementType::kF32), EINVAL) << "its square is 0";
  EXPECT_EQ(error_of(1e-18F, Metric::kCosine, ElementType::kF32), 0);
  EXPECT_EQ(error_of(1e-18F, Metric::kCosine, ElementType::kF16), EINVAL) << "stored as 0";
  EXPECT_EQ(error_of(0x1p-25F, Metric::kCosine, ElementType::kF16), EINVAL) << "ties to even";
  EXPECT_EQ(error_of(0x1.01p-25F, Metric::kCosine, ElementType::kF16), 0);
  EXPECT_EQ(error_of(0, Metric::kL2, ElementType::kF32), 0);
  EXPECT_EQ(error_of(0, Metric::kInnerProduct, ElementType::kF16), 0);
}

TEST(CheckVectorTest, RefusesWhatOverflows) {
  EXPECT_EQ(error_of(65519.0F, Metric::kL2, ElementType::kF16), 0);
  EXPECT_EQ(error_of(-65520.0F, Metric::kL2, ElementType::kF16), EINVAL);
  EXPECT_EQ(error_of(-65520.0F, Metric::kL2, ElementType::kF32), 0);
  // The distance between the two must be a float.
  EXPECT_EQ(error_of(5e18F, Metric::kL2, ElementType::kF32), 0);
  EXPECT_EQ(error_of(1e19F, Metric::kL2, ElementType::kF32), EINVAL);
  EXPECT_EQ(error_of(std::numeric_limits<float>::max(), Metric::kCosine, ElementType::kF32),
            EINVAL);
}

TEST(VectorSpaceTest, NamesAreReadAsTheyAreWritten) {
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    EXPECT_EQ(metric_of(name_of(metric)), metric);
  }
  for (const ElementType element : {ElementType::kF32, ElementType::kF16}) {
    EXPECT_EQ(element_of(name_of(element)), element);
  }
  EXPECT_EQ(metric_of("Cosine"), std::nullopt);
  EXPECT_EQ(element_of(""), std::nullopt);
}

}  // namespace
}  // namespace vexfs
