// fvecs rows have one dimension, and the file has whole rows only.
#include "cli/vectors/fvecs_file.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "cli/vectors/testing/temporary_input.h"

namespace vexfs::cli {
namespace {

std::string row_of(uint32_t dim, std::initializer_list<float> values) {
  std::string row(reinterpret_cast<const char*>(&dim), sizeof(dim));
  return row.append(reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(float));
}

TEST(FvecsFileTest, ReadsRows) {
  auto reader = FvecsReader::open(file_of(row_of(2, {1, 2}) + row_of(2, {3, 4})));
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value()->dim(), 2u);
  EXPECT_EQ(reader.value()->rows(), 2u);
  VectorRow row;
  ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(row.vector[1], 2);
  ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(row.number, 2u);
  EXPECT_EQ(row.vector[0], 3);
  EXPECT_EQ(reader.value()->next(row).value(), VectorReader::Next::kEnd);
}

TEST(FvecsFileTest, AnEmptyFileHasNoRows) {
  auto reader = FvecsReader::open(file_of(""));
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(reader.value()->rows(), 0u);
  VectorRow row;
  EXPECT_EQ(reader.value()->next(row).value(), VectorReader::Next::kEnd);
}

TEST(FvecsFileTest, RefusesWhatIsNoSuchFile) {
  EXPECT_EQ(FvecsReader::open(file_of(row_of(0, {}))).error(), EINVAL);
  EXPECT_EQ(FvecsReader::open(file_of(row_of(limits::kDimMax + 1, {}))).error(), EINVAL);
  EXPECT_EQ(FvecsReader::open(file_of("PK\3\4 something else")).error(), EINVAL);
  EXPECT_EQ(FvecsReader::open(file_of("ab")).error(), ENODATA);
  EXPECT_EQ(FvecsReader::open(file_of(row_of(2, {1, 2}) + "x")).error(), EINVAL);
}

TEST(FvecsFileTest, RefusesAnotherDimensionWithin) {
  // The file is as long as three rows of dimension 1, so only reading it finds the error.
  auto reader = FvecsReader::open(file_of(row_of(1, {1}) + row_of(3, {1, 2, 3})));
  ASSERT_TRUE(reader.ok());
  VectorRow row;
  EXPECT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(reader.value()->next(row).error(), EINVAL);
}

}  // namespace
}  // namespace vexfs::cli
