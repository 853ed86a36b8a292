// The vector file's header, against bytes and not against the code that makes them.
#include "store/vector_format.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "base/crc32c.h"

namespace vexfs::store {
namespace {

const SpaceParameters kHundredL2{.dim = 100, .metric = Metric::kL2, .element = ElementType::kF16};

std::vector<std::byte> bytes_of(const VectorFileHeader& header) {
  std::vector<std::byte> bytes(sizeof(header));
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

// Gives the header a checksum that holds.
std::vector<std::byte> sealed(VectorFileHeader header) {
  header.crc32c = 0;
  header.crc32c = crc32c(bytes_of(header));
  return bytes_of(header);
}

TEST(VectorFormatTest, TheHeaderIsTheseBytes) {
  const std::vector<std::byte> bytes = bytes_of(make_vector_file_header(kHundredL2));
  const std::vector<unsigned char> expected = {
      'V', 'E', 'X', 'F', 'S', 'v', 'e', 'c', 1, 0, 0, 0,  //
      100, 0,   0,   0,   0,   1,   0,   0,   2, 2, 0, 0, 0, 0, 0, 0};
  ASSERT_EQ(bytes.size(), 32U);
  EXPECT_EQ(std::memcmp(bytes.data(), expected.data(), expected.size()), 0);
}

TEST(VectorFormatTest, RowsStartAtCacheLines) {
  EXPECT_EQ(vector_stride({.dim = 1}), 64U);
  EXPECT_EQ(vector_stride({.dim = 8}), 64U);
  EXPECT_EQ(vector_stride({.dim = 9}), 128U);
  EXPECT_EQ(vector_stride({.dim = 128}), 576U);
  EXPECT_EQ(vector_stride({.dim = 4096, .element = ElementType::kF16}), 8256U);
  EXPECT_EQ(vector_row_offset(0, 576), 4064U);
  EXPECT_EQ(vector_row_offset(3, 576), 4064U + 3 * 576);
}

TEST(VectorFormatTest, RefusesEveryFlippedBitAndEveryCut) {
  const std::vector<std::byte> good = bytes_of(make_vector_file_header(kHundredL2));
  ASSERT_TRUE(check_vector_file_header(good, kHundredL2).ok());
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::vector<std::byte> damaged = good;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_FALSE(check_vector_file_header(damaged, kHundredL2).ok()) << bit;
  }
  for (size_t bytes = 0; bytes < good.size(); ++bytes) {
    EXPECT_EQ(check_vector_file_header(std::span(good).first(bytes), kHundredL2).error(), EUCLEAN);
  }
}

TEST(VectorFormatTest, RefusesOtherSpacesAndNewerVersions) {
  VectorFileHeader header = make_vector_file_header(kHundredL2);
  header.version = 2;
  EXPECT_EQ(check_vector_file_header(sealed(header), kHundredL2).error(), ENOTSUP);
  header.version = 0;
  EXPECT_EQ(check_vector_file_header(sealed(header), kHundredL2).error(), EUCLEAN);
  for (const SpaceParameters& other :
       {SpaceParameters{.dim = 101, .metric = Metric::kL2, .element = ElementType::kF16},
        SpaceParameters{.dim = 100, .metric = Metric::kCosine, .element = ElementType::kF16},
        SpaceParameters{.dim = 100, .metric = Metric::kL2, .element = ElementType::kF32}}) {
    const std::vector<std::byte> bytes = bytes_of(make_vector_file_header(other));
    EXPECT_EQ(check_vector_file_header(bytes, kHundredL2).error(), EUCLEAN);
  }
}

}  // namespace
}  // namespace vexfs::store
