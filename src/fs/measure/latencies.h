// Latencies: how long requests took, by operation, from their arrival to the end of the handler.
#ifndef VEXFS_FS_MEASURE_LATENCIES_H_
#define VEXFS_FS_MEASURE_LATENCIES_H_

#include <array>
#include <cstdint>

#include "fs/measure/latency_histogram.h"
#include "fs/measure/operation.h"

namespace vexfs::fs {

// The thread that serves a request brackets it with begin() and end(); in between, the handler
// calls name() with its operation. A request that a worker answers is recorded by the worker
// instead. Each request costs two reads of the clock.
//
// Threads: any, at once; the request in hand is the calling thread's own.
class Latencies {
 public:
  void begin() {
    in_hand_ = kNothing;
    began_ = monotonic_nanoseconds();
  }
  void end() {
    if (in_hand_ != kNothing) of_[in_hand_].record(monotonic_nanoseconds() - began_);
  }
  static void name(Operation operation) { in_hand_ = static_cast<uint32_t>(operation); }
  // A worker answers this request: returns when it arrived.
  static uint64_t hand_over() {
    in_hand_ = kNothing;
    return began_;
  }

  const LatencyHistogram& of(Operation operation) const {
    return of_[static_cast<uint32_t>(operation)];
  }

 private:
  static constexpr uint32_t kNothing = kOperationCount;
  static inline constinit thread_local uint32_t in_hand_ = kNothing;
  static inline constinit thread_local uint64_t began_ = 0;

  std::array<LatencyHistogram, kOperationCount> of_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_MEASURE_LATENCIES_H_
