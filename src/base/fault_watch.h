// FaultWatch: mapped files whose pages cannot be read do not end the process.
#ifndef VEXFS_BASE_FAULT_WATCH_H_
#define VEXFS_BASE_FAULT_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/status.h"

namespace vexfs {

// A page of a mapped file raises SIGBUS where the disk cannot read it, or where another program cut
// the file off before it (mmap(2)). In a watched range such a page is replaced by one of zeros, the
// access goes on, and the range remembers that it happened: who reads from the range asks
// faulted() before an answer leaves, and answers an error instead. Outside of all ranges SIGBUS
// does what it did before.
//
// Threads: a watch belongs to one thread at a time; faulted() may be called by any. The threads
// that read must not block SIGBUS and need an alternate stack where theirs is small: Thread sees to
// both.
class FaultWatch {
 public:
  FaultWatch() = default;
  FaultWatch(FaultWatch&& other) noexcept : range_(std::exchange(other.range_, kNone)) {}
  FaultWatch& operator=(FaultWatch&& other) noexcept {
    std::swap(range_, other.range_);
    return *this;
  }
  ~FaultWatch();

  // Watches whole pages of memory; the caller unmaps them after the watch has ended. ENOSPC when
  // limits::kFaultWatchesMax ranges are watched already.
  static Result<FaultWatch> start(const void* base, size_t bytes);

  // Whether a page of the range could not be read since the watch began.
  bool faulted() const;
  // Whether that is so for any range there ever was: what is asked often asks this first.
  static bool any_faulted();

 private:
  static constexpr uint32_t kNone = ~uint32_t{0};
  explicit FaultWatch(uint32_t range) : range_(range) {}

  uint32_t range_ = kNone;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_FAULT_WATCH_H_
