// npy rows of both element types, with all versions of the header and lengths that do not fit.
#include "cli/vectors/npy_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "cli/vectors/testing/temporary_input.h"

namespace vexfs::cli {
namespace {

std::string bytes_of(std::initializer_list<float> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(float)};
}

std::string header_of_version(char major, std::string_view text) {
  std::string header(kNpyMagic);
  header += {major, '\0', static_cast<char>(text.size()), '\0'};
  if (major > 1) header += std::string(2, '\0');
  return header.append(text);
}

constexpr std::string_view kTwoByTwo = "{'descr':'<f4','fortran_order':False,'shape':(2,2)}\n";

void expect_two_rows(VectorReader& reader) {
  VectorRow row;
  ASSERT_EQ(reader.next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(row.number, 1u);
  EXPECT_EQ(row.vector[0], 1);
  EXPECT_EQ(row.vector[1], 2);
  ASSERT_EQ(reader.next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(row.number, 2u);
  EXPECT_EQ(row.vector[0], 3);
  EXPECT_EQ(row.vector[1], 4.5);
  EXPECT_EQ(reader.next(row).value(), VectorReader::Next::kEnd);
  EXPECT_EQ(reader.next(row).value(), VectorReader::Next::kEnd);
}

TEST(NpyFileTest, ReadsFloat32OfEveryVersion) {
  for (const char major : {'\1', '\2', '\3'}) {
    auto reader =
        NpyReader::open(file_of(header_of_version(major, kTwoByTwo) + bytes_of({1, 2, 3, 4.5})));
    ASSERT_TRUE(reader.ok()) << reader.status().what();
    EXPECT_EQ(reader.value()->dim(), 2u);
    EXPECT_EQ(reader.value()->rows(), 2u);
    EXPECT_FALSE(reader.value()->holds_paths());
    expect_two_rows(*reader.value());
  }
}

TEST(NpyFileTest, ReadsFloat16) {
  const std::string halves("\x00\x3c\x00\x40\x00\x42\x80\x44", 8);
  auto reader = NpyReader::open(file_of(make_npy_header({ElementType::kF16, 2, 2}) + halves));
  ASSERT_TRUE(reader.ok());
  expect_two_rows(*reader.value());
}

TEST(NpyFileTest, RefusesOtherLengthsThanTheHeaderSays) {
  const std::string header = make_npy_header({ElementType::kF32, 2, 2});
  EXPECT_EQ(NpyReader::open(file_of(header + bytes_of({1, 2, 3}))).error(), ENODATA);
  EXPECT_EQ(NpyReader::open(file_of(header + bytes_of({1, 2, 3, 4, 5}))).error(), EINVAL);
  for (size_t bytes = 0; bytes < header.size(); ++bytes) {
    EXPECT_EQ(NpyReader::open(file_of(header.substr(0, bytes))).error(), EINVAL) << bytes;
  }
}

TEST(NpyFileTest, RefusesAnEndlessHeader) {
  std::string header(kNpyMagic);
  header += {'\2', '\0', '\xff', '\xff', '\xff', '\xff'};
  EXPECT_EQ(NpyReader::open(file_of(header)).error(), EINVAL);
}

TEST(NpyFileTest, NoticesThatAPipeEndsTooEarly) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Fd writing(ends[1]);
  const std::string bytes = make_npy_header({ElementType::kF32, 2, 2}) + bytes_of({1, 2});
  ASSERT_EQ(::write(writing.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  writing.reset();
  auto reader = NpyReader::open(Fd(ends[0]));
  ASSERT_TRUE(reader.ok());
  VectorRow row;
  EXPECT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
  EXPECT_EQ(reader.value()->next(row).error(), ENODATA);
}

}  // namespace
}  // namespace vexfs::cli
