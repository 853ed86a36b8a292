// Backoff: how long to wait before the next try, doubling from a first wait to a longest one.
#ifndef VEXFS_BASE_BACKOFF_H_
#define VEXFS_BASE_BACKOFF_H_

#include <algorithm>
#include <chrono>
#include <utility>

namespace vexfs {

// Not thread-safe: each thread that tries again has its own.
class Backoff {
 public:
  constexpr Backoff(std::chrono::milliseconds first, std::chrono::milliseconds longest)
      : first_(first), longest_(longest), next_(first) {}

  // The wait before the next try; each call doubles the one after it.
  constexpr std::chrono::milliseconds next() {
    return std::exchange(next_, std::min(next_ * 2, longest_));
  }
  // Call it after a success: the next wait is the first one again.
  constexpr void reset() { next_ = first_; }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds longest_;
  std::chrono::milliseconds next_;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_BACKOFF_H_
