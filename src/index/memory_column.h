// MemoryColumn: one column of the index, at an address that never moves.
#ifndef VEXFS_INDEX_MEMORY_COLUMN_H_
#define VEXFS_INDEX_MEMORY_COLUMN_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/fault_watch.h"
#include "base/status.h"

namespace vexfs::index {

// Address space for the largest column there may be, with memory for the part in use. Growing never
// moves a byte, so searches read on beside the writer. Memory comes zeroed, in huge pages beyond
// the first one (kHugePageBytes): a small index stays small.
//
// Threads: one writer for grow, adopt and warm; readers of the usable part beside it.
class MemoryColumn {
 public:
  static constexpr size_t kHugePageBytes = size_t{2} << 20;

  static Result<MemoryColumn> reserve(size_t bytes_max);  // ENOMEM.
  MemoryColumn(MemoryColumn&& other) noexcept;
  MemoryColumn& operator=(MemoryColumn&& other) noexcept;
  ~MemoryColumn();

  std::byte* data() const { return base_; }
  size_t usable_bytes() const { return usable_; }

  // The first `bytes` can be used from now on. ENOSPC beyond the reservation, ENOMEM.
  Status grow(size_t bytes);
  // Takes over private pages (they start at a page boundary) as the column's first bytes; nothing
  // was grown before. The old addresses read as they did and are the caller's to unmap.
  Status adopt(std::span<std::byte> pages);
  // Replaces adopted pages by huge pages of memory with the same bytes. Best effort: where memory
  // is short, the column stays as it is.
  void warm();
  // Whether an adopted page could not be read, and has zeros since.
  bool faulted() const { return watch_.faulted(); }

 private:
  MemoryColumn(void* mapping, size_t mapping_bytes);
  void move_to_memory(size_t offset, size_t bytes);

  void* mapping_ = nullptr;  // The reservation; base_ is its first huge page boundary.
  size_t mapping_bytes_ = 0;
  std::byte* base_ = nullptr;
  size_t usable_ = 0;
  size_t adopted_ = 0;  // Bytes whose pages came from a file.
  FaultWatch watch_;    // Over these.
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_MEMORY_COLUMN_H_
