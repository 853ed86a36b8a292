// All 65,536 numbers of both formats, and how each number between two of them is rounded.
#include "kernels/float16.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vexfs::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// The value as IEEE 754 defines it, by arithmetic instead of bits.
double value_of(uint32_t bits, int exponent_bits, int fraction_bits) {
  const uint32_t fraction = bits & ((1U << fraction_bits) - 1);
  const auto exponent = static_cast<int>(bits >> fraction_bits & ((1U << exponent_bits) - 1));
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double sign = (bits & 0x8000U) != 0 ? -1.0 : 1.0;
  if (exponent == (1 << exponent_bits) - 1) return fraction == 0 ? sign * kInfinity : NAN;
  if (exponent == 0) return sign * std::ldexp(fraction, 1 - bias - fraction_bits);
  return sign * std::ldexp(fraction + (1U << fraction_bits), exponent - bias - fraction_bits);
}

template <typename Number, Number (*Round)(float), int kExponentBits, int kFractionBits>
struct Format {
  static Number number(uint32_t bits) { return Number{static_cast<uint16_t>(bits)}; }
  static Number round(float value) { return Round(value); }
  static double value(uint32_t bits) { return value_of(bits, kExponentBits, kFractionBits); }
  static constexpr uint32_t kInfinityBits = ((1U << kExponentBits) - 1) << kFractionBits;
  static constexpr uint32_t kSignBit = 0x8000U;
};

template <typename F>
class FormatTest : public testing::Test {};
using Formats =
    testing::Types<Format<Float16, to_float16, 5, 10>, Format<BFloat16, to_bfloat16, 8, 7>>;
TYPED_TEST_SUITE(FormatTest, Formats);

TYPED_TEST(FormatTest, EveryNumberHasItsValueAndComesBack) {
  for (uint32_t bits = 0; bits <= UINT16_MAX; ++bits) {
    const auto number = TypeParam::number(bits);
    const double value = TypeParam::value(bits);
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(to_float(number))) << bits;
      ASSERT_TRUE(std::isnan(to_float(TypeParam::round(to_float(number))))) << bits;
    } else {
      ASSERT_EQ(to_float(number), value) << bits;
      ASSERT_EQ(std::signbit(to_float(number)), std::signbit(value)) << bits;
      ASSERT_EQ(TypeParam::round(to_float(number)), number) << bits;
    }
  }
}

// Between each two neighbours, a number just below the middle is rounded down, one just above it
// up, and the middle itself to the even neighbour. The last pair ends at infinity, which stands for
// the next power of two.
TYPED_TEST(FormatTest, NumbersBetweenNeighboursGoToTheNearest) {
  for (uint32_t low = 0; low < TypeParam::kInfinityBits; ++low) {
    const double next = low + 1 < TypeParam::kInfinityBits
                            ? TypeParam::value(low + 1)
                            : 2 * TypeParam::value(low) - TypeParam::value(low - 1);
    const double middle = (TypeParam::value(low) + next) / 2;
    const auto exact = static_cast<float>(middle);
    ASSERT_EQ(exact, middle) << low;  // A float holds it: this test's own premise.
    const auto even = TypeParam::number(low + (low & 1U));
    ASSERT_EQ(TypeParam::round(exact), even) << low;
    ASSERT_EQ(TypeParam::round(std::nextafter(exact, 0.0F)), TypeParam::number(low)) << low;
    ASSERT_EQ(TypeParam::round(std::nextafter(exact, kInfinity)), TypeParam::number(low + 1))
        << low;
    const uint32_t sign = TypeParam::kSignBit;
    ASSERT_EQ(TypeParam::round(-exact), TypeParam::number(sign | static_cast<uint32_t>(even)))
        << low;
  }
}

TYPED_TEST(FormatTest, WhatIsTooLargeBecomesInfinity) {
  const auto infinity = TypeParam::number(TypeParam::kInfinityBits);
  EXPECT_EQ(TypeParam::round(std::numeric_limits<float>::max()), infinity);
  EXPECT_EQ(TypeParam::round(kInfinity), infinity);
  EXPECT_EQ(to_float(TypeParam::round(-kInfinity)), -kInfinity);
}

TYPED_TEST(FormatTest, NotANumberStaysOneWhateverItsPayload) {
  for (const uint32_t payload : {1U, 0x1fffU, 0x2000U, 0x3fffffU, 0x400000U, 0x7fffffU}) {
    const auto nan = std::bit_cast<float>(0x7f800000U | payload);
    EXPECT_TRUE(std::isnan(to_float(TypeParam::round(nan)))) << payload;
    EXPECT_TRUE(std::isnan(to_float(TypeParam::round(-nan)))) << payload;
  }
}

TYPED_TEST(FormatTest, SmallestFloatsBecomeZeroOfTheirSign) {
  if (TypeParam::value(1) < 0x1p-60) return;  // bfloat16 reaches as low as float does.
  const float tiny = std::numeric_limits<float>::denorm_min();
  EXPECT_EQ(TypeParam::round(tiny), TypeParam::number(0));
  EXPECT_EQ(TypeParam::round(-tiny), TypeParam::number(TypeParam::kSignBit));
}

}  // namespace
}  // namespace vexfs::kernels
