// A range grows and shrinks in place, and only what is mapped can be read.
#include "store/mapped_range.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/testing/temporary_directory.h"

namespace vexfs::store {
namespace {

constexpr size_t kPage = 4096;

// Whether an address may be read. The kernel is asked, as a read of ours would crash.
bool is_readable(const std::byte* at) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const bool readable = ::write(ends[1], at, 1) == 1;
  ::close(ends[0]);
  ::close(ends[1]);
  return readable;
}

TEST(MappedRangeTest, GrowsAndShrinksInPlace) {
  const TemporaryDirectory dir;
  const Fd file = dir.create("file", std::string(3 * kPage, 'x'));
  MappedRange range;
  ASSERT_TRUE(range.reserve(uint64_t{1} << 36).ok());
  const std::byte* const base = range.base();
  EXPECT_FALSE(is_readable(base));
  for (const size_t pages : {1U, 3U, 2U, 0U, 1U, 3U}) {
    ASSERT_TRUE(range.map_to(file, pages * kPage).ok());
    EXPECT_EQ(range.base(), base);
    EXPECT_EQ(range.bytes(), pages * kPage);
    for (size_t page = 0; page < 4; ++page) {
      EXPECT_EQ(is_readable(base + page * kPage), page < pages) << page << " of " << pages;
    }
  }
  EXPECT_EQ(base[2 * kPage], std::byte{'x'});
}

TEST(MappedRangeTest, ShowsWhatIsWrittenToTheFile) {
  const TemporaryDirectory dir;
  const Fd file = dir.create("file", std::string(kPage, 'x'));
  MappedRange range;
  ASSERT_TRUE(range.reserve(uint64_t{1} << 30).ok());
  ASSERT_TRUE(range.map_to(file, kPage).ok());
  ASSERT_EQ(::pwrite(file.get(), "new", 3, 100), 3);
  EXPECT_EQ(range.base()[102], std::byte{'w'});
}

TEST(MappedRangeTest, RefusesMoreThanThereIs) {
  const TemporaryDirectory dir;
  const Fd file = dir.create("file", std::string(kPage, 'x'));
  MappedRange range;
  EXPECT_EQ(range.reserve(uint64_t{1} << 60).error(), ENOMEM);
  ASSERT_TRUE(range.reserve(kPage).ok());
  EXPECT_EQ(range.map_to(file, 2 * kPage).error(), ENOSPC);
}

}  // namespace
}  // namespace vexfs::store
