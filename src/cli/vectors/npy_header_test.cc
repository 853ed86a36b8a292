// npy headers that NumPy writes, and arrays that VexFS cannot take.
#include "cli/vectors/npy_header.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace vexfs::cli {
namespace {

TEST(NpyHeaderTest, ReadsWhatNumpyWrites) {
  const auto plain =
      parse_npy_text("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 128), }          \n");
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(plain.value().element, ElementType::kF32);
  EXPECT_EQ(plain.value().rows, 3u);
  EXPECT_EQ(plain.value().dim, 128u);
  const auto halves =
      parse_npy_text("{\"shape\":(0,1,),\"descr\":\"<f2\",\"fortran_order\":False}");
  ASSERT_TRUE(halves.ok()) << halves.status().what();
  EXPECT_EQ(halves.value().element, ElementType::kF16);
  EXPECT_EQ(halves.value().rows, 0u);
}

TEST(NpyHeaderTest, RefusesWithASentence) {
  const struct {
    const char* text;
    const char* sentence;
  } cases[] = {
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }", "float64"},
      {"{'descr': '>f4', 'fortran_order': False, 'shape': (3, 2), }", "little-endian"},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (3, 2), }", "neither float32"},
      {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3, 2), }", "plain numbers"},
      {"{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }", "Fortran"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "two dimensions"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (), }", "two dimensions"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2, 1), }", "two dimensions"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4097), }", "1 to 4096"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }", "1 to 4096"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 4), }", "rows"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 4), }", "damaged"},
      {"{'descr': '<f4', 'fortran_order': False, }", "damaged"},
      {"{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)}", "damaged"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), 'more': 1}", "damaged"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)} x", "damaged"},
      {"{'descr': '<f4", "plain numbers"},
      {"{", "damaged"},
      {"", "damaged"},
  };
  for (const auto& [text, sentence] : cases) {
    const auto shape = parse_npy_text(text);
    ASSERT_EQ(shape.error(), EINVAL) << text;
    EXPECT_NE(std::string(shape.status().what()).find(sentence), std::string::npos)
        << text << ": " << shape.status().what();
  }
}

TEST(NpyHeaderTest, KnowsVersions) {
  const auto magic = [](char major, char minor) { return std::string(kNpyMagic) + major + minor; };
  EXPECT_EQ(npy_length_bytes(magic(1, 0)).value(), 2u);
  EXPECT_EQ(npy_length_bytes(magic(2, 0)).value(), 4u);
  EXPECT_EQ(npy_length_bytes(magic(3, 0)).value(), 4u);
  for (const std::string& bad : {magic(0, 0), magic(4, 0), magic(1, 1), std::string("\x93NUMPY"),
                                 std::string(8, 'x'), std::string()}) {
    EXPECT_EQ(npy_length_bytes(bad).error(), EINVAL);
  }
}

TEST(NpyHeaderTest, WritesWhatItReads) {
  for (const uint64_t rows : {uint64_t{0}, uint64_t{7}, uint64_t{limits::kSlotsMax}}) {
    const NpyShape shape = {ElementType::kF16, rows, limits::kDimMax};
    const std::string header = make_npy_header(shape);
    EXPECT_EQ(header.size(), 128u);
    EXPECT_EQ(npy_length_bytes(header.substr(0, kNpyMagicBytes)).value(), 2u);
    EXPECT_EQ(static_cast<unsigned char>(header[8]), header.size() - 10);
    const auto parsed = parse_npy_text(std::string_view(header).substr(10));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed.value().rows, rows);
    EXPECT_EQ(parsed.value().dim, limits::kDimMax);
    EXPECT_EQ(parsed.value().element, ElementType::kF16);
  }
}

}  // namespace
}  // namespace vexfs::cli
