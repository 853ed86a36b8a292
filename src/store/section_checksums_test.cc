// Checksums of sections, by one thread and by several.
#include "store/section_checksums.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <initializer_list>
#include <random>
#include <span>
#include <vector>

#include "base/crc32c.h"
#include "base/fd.h"

namespace vexfs::store {
namespace {

constexpr size_t kBytes = size_t{40} << 20;

// A mapped file without a name.
class Mapping {
 public:
  explicit Mapping(size_t bytes) : file_(::memfd_create("sections", 0)) {
    truncate(bytes);
    void* const base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
    EXPECT_NE(base, MAP_FAILED);
    bytes_ = {static_cast<std::byte*>(base), bytes};
  }
  ~Mapping() { ::munmap(bytes_.data(), bytes_.size()); }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  std::span<std::byte> bytes() const { return bytes_; }
  void truncate(size_t bytes) const {
    EXPECT_EQ(::ftruncate(file_.get(), static_cast<off_t>(bytes)), 0);
  }

 private:
  const Fd file_;
  std::span<std::byte> bytes_;
};

// Sections of these sizes, one behind another, each at a page's start.
std::vector<std::span<std::byte>> cut(const Mapping& memory, std::initializer_list<size_t> sizes) {
  constexpr size_t kStart = 4096;
  std::vector<std::span<std::byte>> sections;
  for (size_t start = 0; const size_t size : sizes) {
    sections.push_back(memory.bytes().subspan(start, size));
    start += (size + kStart - 1) / kStart * kStart;
  }
  return sections;
}

TEST(SectionChecksums, AreThoseOfEachSection) {
  const Mapping memory(kBytes);
  std::mt19937_64 random(5);
  for (size_t i = 0; i < kBytes; i += 61) memory.bytes()[i] = static_cast<std::byte>(random());
  // No section, empty and small ones, whole parts, and enough of them for several threads.
  for (const auto& sections :
       {cut(memory, {}), cut(memory, {0, 1, 4096, 300'000}), cut(memory, {size_t{4} << 20}),
        cut(memory, {48, size_t{8} << 20, (size_t{21} << 20) + 7, 0, 5})}) {
    const std::vector<uint32_t> sums = crc32c_of_each(sections).value();
    ASSERT_EQ(sums.size(), sections.size());
    for (size_t i = 0; i < sums.size(); ++i) EXPECT_EQ(sums[i], crc32c(sections[i])) << i;
  }
}

TEST(SectionChecksums, WhatCannotBeReadIsAnError) {
#if !defined(MADV_POPULATE_READ)
  GTEST_SKIP() << "the C library is too old";
#else
  const Mapping probe(1);
  if (::madvise(probe.bytes().data(), 1, MADV_POPULATE_READ) != 0) {
    GTEST_SKIP() << "the kernel is too old";
  }
  for (const size_t there : {size_t{0}, size_t{4} << 20, size_t{13} << 20}) {
    const Mapping cut_short(kBytes);
    cut_short.truncate(there);
    EXPECT_EQ(crc32c_of_each(cut(cut_short, {kBytes})).error(), EIO) << there;
    EXPECT_TRUE(crc32c_of_each(cut(cut_short, {there})).ok()) << there;
  }
#endif
}

}  // namespace
}  // namespace vexfs::store
