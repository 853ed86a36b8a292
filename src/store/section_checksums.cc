// Threads that take one part after another.
#include "store/section_checksums.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>

#include "base/crc32c.h"
#include "base/limits.h"
#include "base/thread.h"

namespace vexfs::store {
namespace {

constexpr size_t kPartBytes = size_t{4} << 20;
constexpr size_t kAloneBytes = size_t{8} << 20;  // Up to so much no other thread is started.
// However many CPUs there are: to ask for their number takes 4 KiB of stack.
constexpr size_t kThreads = 4;

class Summer {
 public:
  explicit Summer(std::span<const std::span<std::byte>> sections);
  void sum();
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
};

Summer::Summer(std::span<const std::span<std::byte>> sections) : sections_(sections.size()) {
  for (size_t i = 0; i < sections_; ++i) {
    for (size_t start = 0; start < sections[i].size(); start += kPartBytes) {
      const size_t bytes = std::min(kPartBytes, sections[i].size() - start);
      parts_.push_back({.section = i, .bytes = sections[i].subspan(start, bytes)});
    }
    bytes_ += sections[i].size();
  }
}

void Summer::sum() {
  std::vector<Thread> others;
  while (bytes_ > kAloneBytes && others.size() + 1 < kThreads) {
    Result<Thread> thread = Thread::start(
        {"vexfs-sum", limits::kThreadStackBytesDefault},
        [](void* summer) { static_cast<Summer*>(summer)->sum_parts(); }, this);
    if (!thread.ok()) break;
    others.push_back(std::move(thread).value());
  }
  sum_parts();
  for (Thread& thread : others) thread.join();
}

void Summer::sum_parts() {
  for (size_t mine = next_++; mine < parts_.size(); mine = next_++) {
    Part& part = parts_[mine];
#if defined(MADV_POPULATE_READ)
    // Page tables in one go, not by a fault for each 64 KiB. Where the kernel cannot (before 5.14),
    // the faults come.
    (void)::madvise(part.bytes.data(), part.bytes.size(), MADV_POPULATE_READ);
#endif
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

std::vector<uint32_t> crc32c_of_each(std::span<const std::span<std::byte>> sections) {
  Summer summer(sections);
  summer.sum();
  return summer.of_each();
}

}  // namespace vexfs::store
