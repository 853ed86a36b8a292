// Reserved address space, and pages that are moved into it without a copy.
//
// A column starts at a boundary of huge pages, since walks read rows anywhere in it and each 4 KiB
// page costs an entry of the TLB. A checkpoint's pages come from its file and are small; warm()
// moves them to huge pages beside the first searches. To read the file into huge pages at once was
// tried: 73 ms for a first search where memory had been used before, but 340 ms where the
// hypervisor had to give it first (docs/performance.md).
#include "index/memory_column.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace vexfs::index {
namespace {

#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

constexpr size_t kHuge = MemoryColumn::kHugePageBytes;
// warm() moves so much at a time, and for that long needs the memory of it twice.
constexpr size_t kWarmStepBytes = 16 * kHuge;

size_t round_up(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

size_t page_bytes() {
  static const auto bytes = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace

MemoryColumn::MemoryColumn(void* mapping, size_t mapping_bytes)
    : mapping_(mapping), mapping_bytes_(mapping_bytes) {
  const auto address = reinterpret_cast<uintptr_t>(mapping);
  base_ = static_cast<std::byte*>(mapping) + (round_up(address, kHuge) - address);
}

Result<MemoryColumn> MemoryColumn::reserve(size_t bytes_max) {
  const size_t bytes = round_up(bytes_max, kHuge) + kHuge;
  void* mapping =
      ::mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return errno_status("reserve a column of the index");
  return MemoryColumn(mapping, bytes);
}

MemoryColumn::MemoryColumn(MemoryColumn&& other) noexcept
    : mapping_(std::exchange(other.mapping_, nullptr)),
      mapping_bytes_(std::exchange(other.mapping_bytes_, 0)),
      base_(std::exchange(other.base_, nullptr)),
      usable_(std::exchange(other.usable_, 0)),
      adopted_(std::exchange(other.adopted_, 0)),
      watch_(std::move(other.watch_)) {}

MemoryColumn& MemoryColumn::operator=(MemoryColumn&& other) noexcept {
  std::swap(mapping_, other.mapping_);
  std::swap(mapping_bytes_, other.mapping_bytes_);
  std::swap(base_, other.base_);
  std::swap(usable_, other.usable_);
  std::swap(adopted_, other.adopted_);
  std::swap(watch_, other.watch_);
  return *this;
}

MemoryColumn::~MemoryColumn() {
  watch_ = FaultWatch();
  if (mapping_ != nullptr) ::munmap(mapping_, mapping_bytes_);
}

Status MemoryColumn::grow(size_t bytes) {
  if (bytes <= usable_) return {};
  const auto room = static_cast<size_t>(static_cast<std::byte*>(mapping_) + mapping_bytes_ - base_);
  // An eighth more than asked for, so that system calls are few; untouched pages cost nothing.
  const size_t wanted = std::min(round_up(bytes + bytes / 8, kHuge), room / kHuge * kHuge);
  if (wanted < bytes) return Status(ENOSPC, "a column of the index is full");
  if (::mprotect(base_ + usable_, wanted - usable_, PROT_READ | PROT_WRITE) != 0)
    return errno_status("grow a column of the index");
  // A small index gets no huge page. Where the kernel gives none, the column is only slower.
  const size_t first_huge = std::max(round_up(usable_, kHuge), kHuge);
  if (first_huge < wanted) (void)::madvise(base_ + first_huge, wanted - first_huge, MADV_HUGEPAGE);
  usable_ = wanted;
  return {};
}

Status MemoryColumn::adopt(std::span<std::byte> pages) {
  if (pages.empty()) return {};
  // MREMAP_DONTUNMAP leaves the old addresses to the caller, which unmaps the file as a whole.
  const size_t bytes = round_up(pages.size(), page_bytes());
  if (bytes > mapping_bytes_ - kHuge) return Status(ENOSPC, "a column of the index is full");
  void* moved =
      ::mremap(pages.data(), bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, base_);
  if (moved == base_) {
    VEXFS_TRY(watch, FaultWatch::start(base_, bytes));
    watch_ = std::move(watch);
    usable_ = bytes;
    adopted_ = bytes;
    // Columns are zero behind what was written, and a file may hold anything there.
    std::memset(base_ + pages.size(), 0, bytes - pages.size());
    return {};
  }
  // The kernel is older than 5.13, or cannot move these pages: they are copied.
  VEXFS_CHECK_OK(grow(pages.size()));
  std::memcpy(base_, pages.data(), pages.size());
  return {};
}

void MemoryColumn::warm() {
  for (size_t offset = 0; offset < adopted_; offset += kWarmStepBytes)
    move_to_memory(offset, std::min(kWarmStepBytes, adopted_ - offset));
  adopted_ = 0;
}

// mremap(2) puts the copy in the place of the old pages under one lock of the kernel, so a reader
// finds the old ones or the new ones. The writer is here, so nobody changes the bytes meanwhile.
void MemoryColumn::move_to_memory(size_t offset, size_t bytes) {
  void* mapping = ::mmap(nullptr, bytes + kHuge, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapping == MAP_FAILED) return;
  const auto address = reinterpret_cast<uintptr_t>(mapping);
  std::byte* const copy = static_cast<std::byte*>(mapping) + (round_up(address, kHuge) - address);
  (void)::madvise(copy, bytes, MADV_HUGEPAGE);
  std::memcpy(copy, base_ + offset, bytes);
  if (::mremap(copy, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, base_ + offset) == MAP_FAILED) {
    ::munmap(mapping, bytes + kHuge);
    return;
  }
  // The rest of the temporary mapping, before and behind the pages that were moved.
  auto* const first = static_cast<std::byte*>(mapping);
  if (copy > first) ::munmap(first, static_cast<size_t>(copy - first));
  std::byte* const rest = copy + bytes;
  if (rest < first + bytes + kHuge)
    ::munmap(rest, static_cast<size_t>(first + bytes + kHuge - rest));
}

}  // namespace vexfs::index
