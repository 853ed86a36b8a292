// Tests of the histogram: every value falls into a bucket that bounds it closely.
#include "fs/measure/latency_histogram.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace vexfs::fs {
namespace {

TEST(LatencyHistogramTest, EmptyHasNoQuantiles) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(0.5), 0U);
}

TEST(LatencyHistogramTest, AQuantileIsAtMostAnEighthTooHigh) {
  for (unsigned bit = 0; bit < 36; ++bit) {
    for (const uint64_t value : {(uint64_t{1} << bit) - 1, uint64_t{1} << bit,
                                 (uint64_t{1} << bit) + (uint64_t{1} << bit) / 3}) {
      LatencyHistogram histogram;
      histogram.record(value);
      EXPECT_EQ(histogram.count(), 1U);
      for (const double quantile : {0.0, 0.5, 0.99, 1.0}) {
        EXPECT_GE(histogram.quantile(quantile), value);
        EXPECT_LE(histogram.quantile(quantile), value + value / 8) << value;
      }
    }
  }
}

TEST(LatencyHistogramTest, WhatIsLongerThanTheLastBucketStillCounts) {
  LatencyHistogram histogram;
  histogram.record(UINT64_MAX);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_GT(histogram.quantile(0.5), uint64_t{60} * 1'000'000'000);
}

TEST(LatencyHistogramTest, QuantilesSplitTheRecords) {
  LatencyHistogram histogram;
  for (int i = 0; i < 98; ++i) histogram.record(1000);
  for (int i = 0; i < 2; ++i) histogram.record(1'000'000);
  EXPECT_LT(histogram.quantile(0.5), 1200U);
  EXPECT_LT(histogram.quantile(0.97), 1200U);
  EXPECT_GE(histogram.quantile(0.99), 1'000'000U);
}

TEST(LatencyHistogramTest, NoRecordOfConcurrentWritersIsLost) {
  LatencyHistogram histogram;
  constexpr uint64_t kEach = 10000;
  std::vector<std::thread> writers;
  for (uint64_t writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&histogram, writer] {
      for (uint64_t i = 0; i < kEach; ++i) histogram.record(i * writer);
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(histogram.count(), 4 * kEach);
}

TEST(LatencyHistogramTest, TheClockAdvances) {
  const uint64_t before = monotonic_nanoseconds();
  EXPECT_GE(monotonic_nanoseconds(), before);
  EXPECT_GT(before, 0U);
}

}  // namespace
}  // namespace vexfs::fs
