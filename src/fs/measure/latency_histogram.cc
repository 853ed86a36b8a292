// Octaves with linear parts, as in HdrHistogram.
#include "fs/measure/latency_histogram.h"

#include <time.h>

#include <algorithm>
#include <bit>

namespace vexfs::fs {

uint64_t monotonic_nanoseconds() {
  timespec now;
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
}

// The leading bit chooses the octave, the next kSubBits the part of it. Values below the first
// octave have a bucket each.
size_t LatencyHistogram::bucket_of(uint64_t nanoseconds) {
  if (nanoseconds < (1U << kSubBits)) return nanoseconds;
  const auto top = static_cast<unsigned>(std::bit_width(nanoseconds)) - 1;
  const size_t part = (nanoseconds >> (top - kSubBits)) & ((1U << kSubBits) - 1);
  const size_t octave = top - kSubBits + 1;
  return std::min((octave << kSubBits) + part, kBuckets - 1);
}

uint64_t LatencyHistogram::upper_bound(size_t bucket) {
  const size_t octave = bucket >> kSubBits;
  const uint64_t part = bucket & ((1U << kSubBits) - 1);
  if (octave == 0) return part;
  const uint64_t first = ((uint64_t{1} << kSubBits) + part) << (octave - 1);
  return first + (uint64_t{1} << (octave - 1)) - 1;
}

uint64_t LatencyHistogram::count() const {
  uint64_t sum = 0;
  for (const auto& bucket : buckets_) sum += bucket.load(std::memory_order_relaxed);
  return sum;
}

uint64_t LatencyHistogram::quantile(double quantile) const {
  const uint64_t records = count();
  if (records == 0) return 0;
  const auto wanted = static_cast<uint64_t>(quantile * static_cast<double>(records - 1)) + 1;
  uint64_t seen = 0;
  for (size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i].load(std::memory_order_relaxed);
    if (seen >= wanted) return upper_bound(i);
  }
  return upper_bound(kBuckets - 1);
}

}  // namespace vexfs::fs
