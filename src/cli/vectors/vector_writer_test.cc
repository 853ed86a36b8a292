// Each format that is written is read back by its reader.
#include "cli/vectors/vector_writer.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/testing/temporary_directory.h"
#include "cli/vectors/testing/temporary_output.h"

namespace vexfs::cli {
namespace {

const std::vector<std::vector<float>> kRows = {{1, 2, 3}, {-0.1F, 1e-45F, 3e38F}};
const std::string kPaths[] = {"a b.txt", "dir/\xc3\xa4"};

void write_rows(VectorFormat format, const std::string& name, size_t rows) {
  auto writer = VectorWriter::create(system_io(), format, name, 3);
  ASSERT_TRUE(writer.ok()) << writer.status().what();
  for (size_t i = 0; i < rows; ++i) {
    ASSERT_TRUE(writer.value().append(kPaths[i], kRows[i]).ok());
  }
  EXPECT_EQ(writer.value().rows(), rows);
  ASSERT_TRUE(writer.value().finish().ok());
}

TEST(VectorWriterTest, WhatIsWrittenCanBeRead) {
  for (const auto& name : {"v.npy", "v.fvecs", "v.jsonl"}) {
    for (size_t rows = 0; rows <= kRows.size(); ++rows) {
      const TemporaryDirectory directory;
      const std::string path = path_in(directory, name);
      const VectorFormat format = *vector_format_of(name);
      write_rows(format, path, rows);
      auto reader = open_vector_reader(format, Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)));
      ASSERT_TRUE(reader.ok()) << name << ": " << reader.status().what();
      std::string paths;
      VectorRow row;
      for (size_t i = 0; i < rows; ++i) {
        ASSERT_EQ(reader.value()->next(row).value(), VectorReader::Next::kRow);
        EXPECT_EQ(std::vector<float>(row.vector.begin(), row.vector.end()), kRows[i]);
        EXPECT_EQ(row.path, reader.value()->holds_paths() ? kPaths[i] : "");
        paths += kPaths[i] + "\n";
      }
      EXPECT_EQ(reader.value()->next(row).value(), VectorReader::Next::kEnd);
      EXPECT_EQ(content_of(path + ".paths"), reader.value()->holds_paths() ? "" : paths);
    }
  }
}

TEST(VectorWriterTest, RefusesWhatTheFormatCannotHold) {
  const TemporaryDirectory directory;
  auto npy = VectorWriter::create(system_io(), VectorFormat::kNpy, path_in(directory, "v.npy"), 3);
  ASSERT_TRUE(npy.ok());
  EXPECT_EQ(npy.value().append("a\nb", kRows[0]).error(), EINVAL);
  EXPECT_EQ(npy.value().append("a", std::vector<float>(2)).error(), EINVAL);
  auto jsonl =
      VectorWriter::create(system_io(), VectorFormat::kJsonl, path_in(directory, "v.jsonl"), 3);
  ASSERT_TRUE(jsonl.ok());
  EXPECT_TRUE(jsonl.value().append("a\nb", kRows[0]).ok());
}

}  // namespace
}  // namespace vexfs::cli
