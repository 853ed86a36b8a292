// MappedRange: the first bytes of a file in memory, at an address that stays while they grow.
#ifndef VEXFS_STORE_MAPPED_RANGE_H_
#define VEXFS_STORE_MAPPED_RANGE_H_

#include <cstddef>
#include <cstdint>

#include "base/fault_watch.h"
#include "base/fd.h"
#include "base/status.h"

namespace vexfs::store {

// Address space is reserved once, without memory behind it and without access; the file is mapped
// over it, read-only, as far as it reaches. A page that cannot be read has zeros instead, and
// faulted() says so from then on. Threads: one changes it; readers of what is mapped.
class MappedRange {
 public:
  MappedRange() = default;
  MappedRange(const MappedRange&) = delete;
  MappedRange& operator=(const MappedRange&) = delete;
  ~MappedRange();

  // Once. ENOMEM where the process may not have so many addresses (RLIMIT_AS), and as
  // FaultWatch.
  Status reserve(uint64_t bytes);
  // The file's first `bytes`, a multiple of the page size, which the file must have: no more, no
  // less. What was mapped stays undisturbed.
  Status map_to(const Fd& file, uint64_t bytes);

  const std::byte* base() const { return base_; }
  uint64_t bytes() const { return mapped_; }
  bool faulted() const { return watch_.faulted(); }

 private:
  std::byte* base_ = nullptr;
  uint64_t reserved_ = 0;
  uint64_t mapped_ = 0;
  FaultWatch watch_;
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_MAPPED_RANGE_H_
