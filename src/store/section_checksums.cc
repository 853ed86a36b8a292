// Checksums of mapped sections, on several threads.
//
// Sections are cut into parts; each thread takes the next part that is left, and the parts' sums
// are joined at the end (crc32c_joined). The pages of a fresh mapping are what takes the time, as
// much as the sums, and threads share that too. A first search after a mount waits for this:
// docs/performance.md, "Vectors through the mount".
#include "store/section_checksums.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/thread.h"

namespace vexfs::store {
namespace {

constexpr size_t kPartBytes = size_t{4} << 20;
constexpr size_t kAloneBytes = size_t{8} << 20;  // Up to this size one thread computes all sums.

class Summer {
 public:
  explicit Summer(std::span<const std::span<std::byte>> sections);
  Status sum();
  std::vector<uint32_t> of_each() const;

 private:
  struct Part {
    size_t section;
    std::span<std::byte> bytes;
    uint32_t crc32c = 0;
  };
  void sum_parts();

  const size_t sections_;
  size_t bytes_ = 0;
  std::vector<Part> parts_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> unreadable_ = false;
};

// Fills the page tables in one call, instead of by a fault for each 64 KiB. False where the file
// cannot be read and a fault would end the process with SIGBUS. Kernels before 5.14 do not know the
// call (EINVAL); there the faults do it.
bool map_pages(std::span<std::byte> bytes) {
#if defined(MADV_POPULATE_READ)
  return ::madvise(bytes.data(), bytes.size(), MADV_POPULATE_READ) == 0 ||
         (errno != EFAULT && errno != EHWPOISON);
#else
  return true;
#endif
}

Summer::Summer(std::span<const std::span<std::byte>> sections) : sections_(sections.size()) {
  for (size_t i = 0; i < sections_; ++i) {
    for (size_t start = 0; start < sections[i].size(); start += kPartBytes) {
      const size_t bytes = std::min(kPartBytes, sections[i].size() - start);
      parts_.push_back({.section = i, .bytes = sections[i].subspan(start, bytes)});
    }
    bytes_ += sections[i].size();
  }
}

// Threads that cannot be started are done without: the calling thread takes parts as well.
Status Summer::sum() {
  std::vector<Thread> others;
  while (bytes_ > kAloneBytes && others.size() + 1 < limits::kChecksumThreads) {
    Result<Thread> thread =
        Thread::start<&Summer::sum_parts>({"vexfs-sum", limits::kThreadStackBytesDefault}, this);
    if (!thread.ok()) break;
    others.push_back(std::move(thread).value());
  }
  sum_parts();
  for (Thread& thread : others) thread.join();
  return unreadable_ ? Status(EIO, "a checkpoint cannot be read") : Status();
}

void Summer::sum_parts() {
  for (size_t mine = next_++; mine < parts_.size() && !unreadable_; mine = next_++) {
    Part& part = parts_[mine];
    if (!map_pages(part.bytes)) {
      unreadable_ = true;
      return;
    }
    part.crc32c = crc32c(part.bytes);
  }
}

std::vector<uint32_t> Summer::of_each() const {
  std::vector<uint32_t> sums(sections_);
  for (const Part& part : parts_) {
    uint32_t& sum = sums[part.section];
    sum = crc32c_joined(sum, part.crc32c, part.bytes.size());
  }
  return sums;
}

}  // namespace

Result<std::vector<uint32_t>> crc32c_of_each(std::span<const std::span<std::byte>> sections) {
  Summer summer(sections);
  VEXFS_CHECK_OK(summer.sum());
  return summer.of_each();
}

}  // namespace vexfs::store
