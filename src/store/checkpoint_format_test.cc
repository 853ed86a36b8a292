// A checkpoint's first page, against bytes, and refused with any of its bytes changed.
#include "store/checkpoint_format.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/crc32c.h"

namespace vexfs::store {
namespace {

const SpaceParameters kSpace{.dim = 100, .metric = Metric::kL2, .element = ElementType::kF16};
constexpr uint64_t kFileBytes = uint64_t{6} * kCheckpointPageBytes;
const std::vector<CheckpointSectionEntry> kSections = {
    {.number = 1, .crc32c = 0x01020304, .offset = 4096, .bytes = 5000},
    {.number = 7, .crc32c = 0x0a0b0c0d, .offset = 12288, .bytes = 12288}};

std::vector<std::byte> good_page(std::span<const CheckpointSectionEntry> sections = kSections) {
  return make_checkpoint_page(CheckpointKind::kGraph, kSpace, 77, 1234, kFileBytes, sections);
}

int error_of(std::span<const std::byte> page, uint64_t file_bytes = kFileBytes) {
  return read_checkpoint_page(CheckpointKind::kGraph, page, file_bytes, kSpace).error();
}

TEST(CheckpointFormatTest, ReadsWhatItMade) {
  const std::vector<std::byte> bytes = good_page();
  const CheckpointPage page =
      read_checkpoint_page(CheckpointKind::kGraph, bytes, kFileBytes, kSpace).value();
  EXPECT_EQ(page.last_change, 77U);
  EXPECT_EQ(page.written_at, 1234);
  ASSERT_EQ(page.sections.size(), 2U);
  EXPECT_EQ(std::memcmp(page.sections.data(), kSections.data(), 48), 0);
  EXPECT_TRUE(read_checkpoint_page(CheckpointKind::kGraph, good_page({}), kFileBytes, kSpace).ok());
}

TEST(CheckpointFormatTest, ThePageIsTheseBytes) {
  const std::vector<unsigned char> expected = {
      'V', 'E',  'X', 'F', 'S', 'g', 'r', 'a', 1,    0, 0, 0, 2,  0, 0,   0,  //
      77,  0,    0,   0,   0,   0,   0,   0,   0xd2, 4, 0, 0, 0,  0, 0,   0,  //
      0,   0x60, 0,   0,   0,   0,   0,   0,   100,  0, 0, 0, 16, 0, 200, 0,  //
      2,   2,    0,   0,   0,   0,   0,   0,   0,    0, 0, 0};
  EXPECT_EQ(std::memcmp(good_page().data(), expected.data(), expected.size()), 0);
  EXPECT_EQ(good_page()[64], std::byte{1});
  EXPECT_EQ(good_page()[68], std::byte{4});
}

TEST(CheckpointFormatTest, RefusesEveryFlippedBitThatMatters) {
  const std::vector<std::byte> good = good_page();
  for (size_t bit = 0; bit < (64 + 48) * 8; ++bit) {
    std::vector<std::byte> damaged = good;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_NE(error_of(damaged), 0) << bit;
  }
  EXPECT_EQ(error_of(std::span(good).first(4095)), EUCLEAN);
  EXPECT_EQ(error_of(good, kFileBytes - 1), EUCLEAN);
}

TEST(CheckpointFormatTest, RefusesSectionsThatLieBadly) {
  const auto with = [](CheckpointSectionEntry second) {
    return error_of(good_page(std::vector<CheckpointSectionEntry>{kSections[0], second}));
  };
  EXPECT_EQ(with({.number = 1, .crc32c = 0, .offset = 12288, .bytes = 1}), EUCLEAN) << "twice";
  EXPECT_EQ(with({.number = 2, .crc32c = 0, .offset = 12289, .bytes = 1}), EUCLEAN);
  EXPECT_EQ(with({.number = 2, .crc32c = 0, .offset = 0, .bytes = 1}), EUCLEAN);
  EXPECT_EQ(with({.number = 2, .crc32c = 0, .offset = 12288, .bytes = 12289}), EUCLEAN);
  EXPECT_EQ(with({.number = 2, .crc32c = 0, .offset = 12288, .bytes = UINT64_MAX}), EUCLEAN);
  EXPECT_EQ(with({.number = 2, .crc32c = 0, .offset = UINT64_MAX - 4095, .bytes = 1}), EUCLEAN);
  EXPECT_EQ(with({.number = 2, .crc32c = 0, .offset = kFileBytes, .bytes = 0}), 0);
}

TEST(CheckpointFormatTest, IsForItsParametersAlone) {
  const std::vector<std::byte> page = good_page();
  const auto with = [&](auto change) {
    SpaceParameters parameters = kSpace;
    change(parameters);
    return read_checkpoint_page(CheckpointKind::kGraph, page, kFileBytes, parameters).error();
  };
  EXPECT_EQ(with([](auto& p) { p.dim = 101; }), ESTALE);
  EXPECT_EQ(with([](auto& p) { p.metric = Metric::kCosine; }), ESTALE);
  EXPECT_EQ(with([](auto& p) { p.element = ElementType::kF32; }), ESTALE);
  EXPECT_EQ(with([](auto& p) { p.m = 17; }), ESTALE);
  EXPECT_EQ(with([](auto& p) { p.ef_construction = 201; }), ESTALE);
  EXPECT_EQ(with([](auto& p) { p.ef_search = 201; }), 0) << "may change at any time";
}

TEST(CheckpointFormatTest, KnowsNewerVersions) {
  std::vector<std::byte> page = good_page();
  page[8] = std::byte{2};
  EXPECT_EQ(error_of(page), ENOTSUP);
  page[8] = std::byte{0};
  EXPECT_EQ(error_of(page), EUCLEAN);
}

}  // namespace
}  // namespace vexfs::store
