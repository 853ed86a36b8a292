// Checksums of sections, alone and by several threads.
#include "store/section_checksums.h"

#include <gtest/gtest.h>

#include <random>

#include "base/crc32c.h"

namespace vexfs::store {
namespace {

// Sections of these sizes, one behind another in `memory`.
std::vector<std::span<std::byte>> cut(std::span<std::byte> memory,
                                      std::initializer_list<size_t> sizes) {
  std::vector<std::span<std::byte>> sections;
  for (size_t start = 0; const size_t size : sizes) {
    sections.push_back(memory.subspan(start, size));
    start += size;
  }
  return sections;
}

TEST(SectionChecksums, AreThoseOfEachSection) {
  std::vector<std::byte> memory(size_t{40} << 20);
  std::mt19937_64 random(5);
  for (size_t i = 0; i < memory.size(); i += 61) memory[i] = static_cast<std::byte>(random());
  // None, empty and small ones, whole parts, and so large that several threads sum.
  for (const auto& sections :
       {cut(memory, {}), cut(memory, {0, 1, 4096, 300'000}), cut(memory, {size_t{4} << 20}),
        cut(memory, {48, size_t{8} << 20, (size_t{21} << 20) + 7, 0, 5})}) {
    const std::vector<uint32_t> sums = crc32c_of_each(sections);
    ASSERT_EQ(sums.size(), sections.size());
    for (size_t i = 0; i < sums.size(); ++i) EXPECT_EQ(sums[i], crc32c(sections[i])) << i;
  }
}

}  // namespace
}  // namespace vexfs::store
