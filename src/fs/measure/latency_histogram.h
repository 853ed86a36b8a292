// LatencyHistogram: counts durations in buckets of bounded relative width.
#ifndef VEXFS_FS_MEASURE_LATENCY_HISTOGRAM_H_
#define VEXFS_FS_MEASURE_LATENCY_HISTOGRAM_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace vexfs::fs {

uint64_t monotonic_nanoseconds();

// Eight buckets an octave, so that a quantile is at most one eighth above the true one, from a
// nanosecond to a minute. Lock-free; 2.3 KB, of which only the pages in use become resident.
//
// Threads: any, at once. A quantile that is read while others record is that of some moment in
// between.
class LatencyHistogram {
 public:
  void record(uint64_t nanoseconds) {
    buckets_[bucket_of(nanoseconds)].fetch_add(1, std::memory_order_relaxed);
  }
  uint64_t count() const;
  // The smallest bound, in nanoseconds, that `quantile` (0..1) of all records keep; 0 without any.
  uint64_t quantile(double quantile) const;

 private:
  static constexpr unsigned kSubBits = 3;
  static constexpr unsigned kOctaves = 36;  // 2^36 ns are 69 s; what is longer counts as that.
  static constexpr size_t kBuckets = size_t{kOctaves - kSubBits + 1} << kSubBits;

  static size_t bucket_of(uint64_t nanoseconds);
  static uint64_t upper_bound(size_t bucket);

  std::array<std::atomic<uint64_t>, kBuckets> buckets_ = {};
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_MEASURE_LATENCY_HISTOGRAM_H_
