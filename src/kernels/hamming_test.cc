// Compares the population counts of each instruction set with the scalar loop.
#include "kernels/hamming.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "base/limits.h"
#include "kernels/testing/every_target.h"
#include "kernels/testing/scalar.h"

namespace vexfs::kernels {
namespace {

constexpr size_t kWordsMax = limits::kDimMax / 64;

TEST(HammingTest, EveryLengthAtEveryAlignmentIsExact) {
  std::mt19937_64 random(11);
  std::vector<uint64_t> a(kWordsMax + 8);
  std::vector<uint64_t> b(kWordsMax + 8);
  for (uint64_t& word : a) word = random();
  for (uint64_t& word : b) word = random();
  for_every_target([&] {
    for (size_t words = 0; words <= kWordsMax; ++words) {
      for (size_t shift = 0; shift < 8; ++shift) {
        ASSERT_EQ(hamming(&a[shift], &b[7 - shift], words),
                  scalar::hamming(&a[shift], &b[7 - shift], words))
            << words << " words at " << shift;
      }
    }
  });
}

TEST(HammingTest, AllBitsOrNone) {
  const std::vector<uint64_t> zeros(kWordsMax, 0);
  const std::vector<uint64_t> ones(kWordsMax, UINT64_MAX);
  for_every_target([&] {
    EXPECT_EQ(hamming(zeros.data(), ones.data(), kWordsMax), limits::kDimMax);
    EXPECT_EQ(hamming(ones.data(), ones.data(), kWordsMax), 0u);
  });
}

}  // namespace
}  // namespace vexfs::kernels
