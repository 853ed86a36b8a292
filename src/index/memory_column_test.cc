// Columns grow in place, and take pages over without copying them.
#include "index/memory_column.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace vexfs::index {
namespace {

constexpr size_t kPage = 4096;

TEST(MemoryColumn, GrowsInPlaceAndComesZeroed) {
  MemoryColumn column = std::move(MemoryColumn::reserve(size_t{1} << 36)).value();
  std::byte* const first = column.data();
  EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % MemoryColumn::kHugePageBytes, 0U);
  size_t written = 0;
  for (const size_t bytes : {size_t{1}, kPage + 1, size_t{3} << 20, size_t{40} << 20}) {
    ASSERT_TRUE(column.grow(bytes).ok());
    EXPECT_EQ(column.data(), first);
    EXPECT_GE(column.usable_bytes(), bytes);
    for (size_t i = 0; i < written; i += kPage) ASSERT_EQ(first[i], std::byte{7});
    ASSERT_EQ(first[bytes - 1], std::byte{0});
    std::memset(first, 7, bytes);
    written = bytes;
  }
}

TEST(MemoryColumn, FullIsAnError) {
  MemoryColumn column = std::move(MemoryColumn::reserve(MemoryColumn::kHugePageBytes)).value();
  EXPECT_TRUE(column.grow(MemoryColumn::kHugePageBytes).ok());
  EXPECT_EQ(column.grow(3 * MemoryColumn::kHugePageBytes).error(), ENOSPC);
}

TEST(MemoryColumn, MovesWithItsMemory) {
  MemoryColumn column = std::move(MemoryColumn::reserve(kPage)).value();
  ASSERT_TRUE(column.grow(1).ok());
  *column.data() = std::byte{9};
  MemoryColumn other = std::move(column);
  EXPECT_EQ(*other.data(), std::byte{9});
  MemoryColumn third = std::move(MemoryColumn::reserve(kPage)).value();
  third = std::move(other);
  EXPECT_EQ(*third.data(), std::byte{9});
}

// A file without a name, with `fill` in every byte, mapped privately. `cut` leaves it no byte after
// that.
std::span<std::byte> map_file(size_t bytes, std::byte fill, bool cut = false) {
  const int file = ::memfd_create("column", 0);
  const size_t pages = (bytes + kPage - 1) / kPage * kPage;
  EXPECT_EQ(::ftruncate(file, static_cast<off_t>(pages)), 0);
  void* shared = ::mmap(nullptr, pages, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  std::memset(shared, static_cast<int>(fill), pages);
  ::munmap(shared, pages);
  void* mapped = ::mmap(nullptr, pages, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
  EXPECT_NE(mapped, MAP_FAILED);
  if (cut) {
    EXPECT_EQ(::ftruncate(file, 0), 0);
  }
  ::close(file);
  return {static_cast<std::byte*>(mapped), bytes};
}

TEST(MemoryColumn, AdoptsPagesAndGrowsBeyondThem) {
  for (const size_t bytes : {size_t{100}, kPage, (size_t{5} << 20) + 13}) {
    MemoryColumn column = std::move(MemoryColumn::reserve(size_t{1} << 30)).value();
    const std::span<std::byte> pages = map_file(bytes, std::byte{5});
    pages[1] = std::byte{6};  // A page that differs from the file.
    ASSERT_TRUE(column.adopt(pages).ok());
    ::munmap(pages.data(), pages.size());
    EXPECT_EQ(column.data()[1], std::byte{6});
    EXPECT_EQ(column.data()[bytes - 1], std::byte{5});
    ASSERT_TRUE(column.grow(bytes + kPage).ok());
    for (size_t i = bytes; i < bytes + kPage; ++i) ASSERT_EQ(column.data()[i], std::byte{0});
    column.data()[bytes] = std::byte{8};
    column.warm();
    EXPECT_EQ(column.data()[1], std::byte{6});
    EXPECT_EQ(column.data()[bytes - 1], std::byte{5});
    EXPECT_EQ(column.data()[bytes], std::byte{8});
  }
}

TEST(MemoryColumn, PagesThatCannotBeReadAreZerosAndSaySo) {
  MemoryColumn column = std::move(MemoryColumn::reserve(size_t{1} << 30)).value();
  const std::span<std::byte> pages = map_file(3 * kPage, std::byte{5}, true);
  ASSERT_TRUE(column.adopt(pages).ok());
  ::munmap(pages.data(), pages.size());
  EXPECT_FALSE(column.faulted());
  EXPECT_EQ(column.data()[kPage], std::byte{0});
  EXPECT_TRUE(column.faulted());
  const MemoryColumn other = std::move(column);
  EXPECT_TRUE(other.faulted());
}

TEST(MemoryColumn, AdoptsMemoryThatIsNoFiles) {
  MemoryColumn column = std::move(MemoryColumn::reserve(size_t{1} << 30)).value();
  void* mapped = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  std::memset(mapped, 3, kPage);
  ASSERT_TRUE(column.adopt({static_cast<std::byte*>(mapped), 500}).ok());
  ::munmap(mapped, kPage);
  EXPECT_EQ(column.data()[499], std::byte{3});
  EXPECT_EQ(column.data()[500], std::byte{0});
}

}  // namespace
}  // namespace vexfs::index
