// A reservation of addresses, and a file mapped over the start of it. Nothing of the range is ever
// unmapped: MAP_FIXED puts other pages in its place (mmap(2)), so no other mapping can come into
// it.
#include "store/mapped_range.h"

#include <sys/mman.h>

#include <cerrno>
#include <utility>

namespace vexfs::store {
namespace {

// Pages that cost no memory and, with PROT_NONE, cannot be touched.
constexpr int kNothing = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

}  // namespace

MappedRange::~MappedRange() {
  watch_ = FaultWatch();
  if (base_ != nullptr) (void)::munmap(base_, reserved_);
}

Status MappedRange::reserve(uint64_t bytes) {
  void* const base = ::mmap(nullptr, bytes, PROT_NONE, kNothing, -1, 0);
  if (base == MAP_FAILED) return errno_status("reserve addresses");
  base_ = static_cast<std::byte*>(base);
  reserved_ = bytes;
  VEXFS_TRY(watch, FaultWatch::start(base, bytes));
  watch_ = std::move(watch);
  return Status();
}

Status MappedRange::map_to(const Fd& file, uint64_t bytes) {
  if (bytes > reserved_) return Status(ENOSPC, "past the reserved addresses");
  if (bytes > mapped_) {
    // The kernel joins the new part to the mapping before it, so the process has one mapping for
    // the file however often it grew (vm.max_map_count bounds how many a process may have).
    if (::mmap(base_ + mapped_, bytes - mapped_, PROT_READ, MAP_SHARED | MAP_FIXED, file.get(),
               static_cast<off_t>(mapped_)) == MAP_FAILED) {
      return errno_status("map a file");
    }
  } else if (bytes < mapped_) {
    if (::mmap(base_ + bytes, mapped_ - bytes, PROT_NONE, kNothing | MAP_FIXED, -1, 0) ==
        MAP_FAILED) {
      return errno_status("unmap the end of a file");
    }
  }
  mapped_ = bytes;
  return Status();
}

}  // namespace vexfs::store
