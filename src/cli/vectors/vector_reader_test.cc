// A file's name decides its format.
#include "cli/vectors/vector_reader.h"

#include <gtest/gtest.h>

#include "cli/vectors/testing/temporary_input.h"

namespace vexfs::cli {
namespace {

TEST(VectorReaderTest, TheSuffixTellsTheFormat) {
  EXPECT_EQ(vector_format_of("a/b.npy"), VectorFormat::kNpy);
  EXPECT_EQ(vector_format_of("b.fvecs"), VectorFormat::kFvecs);
  EXPECT_EQ(vector_format_of("b.jsonl"), VectorFormat::kJsonl);
  EXPECT_EQ(vector_format_of("b.ndjson"), VectorFormat::kJsonl);
  for (const char* name : {"", "npy", "b.npz", "b.npy.paths", "b.NPY", "-"}) {
    EXPECT_FALSE(vector_format_of(name).has_value()) << name;
  }
}

TEST(VectorReaderTest, OpensEachFormat) {
  EXPECT_FALSE(open_vector_reader(VectorFormat::kNpy, file_of("")).ok());
  EXPECT_FALSE(open_vector_reader(VectorFormat::kFvecs, file_of("")).value()->holds_paths());
  EXPECT_TRUE(open_vector_reader(VectorFormat::kJsonl, file_of("")).value()->holds_paths());
}

}  // namespace
}  // namespace vexfs::cli
