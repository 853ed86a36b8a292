// The import: paths, several vectors of a file, starting again, and rows that fail.
#include "cli/vectors/import.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "cli/tree/testing/fake_tree.h"
#include "cli/vectors/testing/temporary_input.h"

namespace vexfs::cli {
namespace {

using Floats = std::vector<float>;

class ImportTest : public testing::Test {
 protected:
  ImportTest() {
    for (const char* name : {"a", "b", "c"}) tree_.files[name] = {};
  }

  Result<ImportCounts> run(VectorFormat format, std::string_view bytes) {
    auto reader = open_vector_reader(format, file_of(bytes));
    if (!reader.ok()) return reader.status();
    size_t given = 0;
    errors_.clear();
    const auto next_path = [&]() -> Result<std::optional<std::string>> {
      if (given == paths_.size()) return std::optional<std::string>();
      return std::optional<std::string>(paths_[given++]);
    };
    const auto tell = [&](const ImportError& error) { errors_.push_back(error); };
    const auto go_on = [&](const ImportCounts& counts) { return counts.rows < stop_after_; };
    return import_vectors(tree_, *reader.value(),
                          {tree_.space, keep_going_, next_path, tell, go_on});
  }
  Result<ImportCounts> run_lines(std::string_view lines) {
    return run(VectorFormat::kJsonl, lines);
  }

  FakeTree tree_;
  bool keep_going_ = false;
  uint64_t stop_after_ = 1000;
  std::vector<std::string> paths_;
  std::vector<ImportError> errors_;
};

constexpr std::string_view kThree =
    "{\"path\":\"a\",\"vector\":[1,2]}\n{\"path\":\"b\",\"vector\":[3,4]}\n"
    "{\"path\":\"c\",\"vector\":[5,6]}\n";

std::string fvecs_of(std::initializer_list<float> values) {
  std::string bytes;
  const uint32_t dim = 2;
  for (auto at = values.begin(); at != values.end(); at += 2) {
    bytes.append(reinterpret_cast<const char*>(&dim), 4);
    bytes.append(reinterpret_cast<const char*>(at), 8);
  }
  return bytes;
}

TEST_F(ImportTest, SetsEachRow) {
  const auto counts = run_lines(kThree);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts.value().rows, 3u);
  EXPECT_EQ(counts.value().files, 3u);
  EXPECT_EQ(tree_.files["b"], (Floats{3, 4}));
}

TEST_F(ImportTest, TakesPathsFromAList) {
  paths_ = {"c", "a"};
  EXPECT_TRUE(run(VectorFormat::kFvecs, fvecs_of({1, 2, 3, 4})).ok());
  EXPECT_EQ(tree_.files["c"], (Floats{1, 2}));
  EXPECT_EQ(tree_.files["a"], (Floats{3, 4}));
  EXPECT_EQ(run(VectorFormat::kFvecs, fvecs_of({1, 2, 3, 4, 5, 6})).error(), ENODATA);
}

TEST_F(ImportTest, RowsOfTheSamePathAreOneFilesVectors) {
  const auto counts = run_lines(
      "{\"path\":\"a\",\"vector\":[1,2]}\n{\"path\":\"a\",\"vector\":[3,4]}\n"
      "{\"path\":\"b\",\"vector\":[5,6]}");
  EXPECT_EQ(counts.value().files, 2u);
  EXPECT_EQ(tree_.sets, 2);
  EXPECT_EQ(tree_.files["a"], (Floats{1, 2, 3, 4}));
  EXPECT_EQ(tree_.files["b"], (Floats{5, 6}));
}

TEST_F(ImportTest, StartedAgainItGoesOnWhereItStopped) {
  tree_.space.vectors = 0;
  stop_after_ = 2;
  auto counts = run_lines(kThree);
  EXPECT_TRUE(counts.value().interrupted);
  EXPECT_EQ(counts.value().files, 2u);
  EXPECT_EQ(tree_.gets, 0);  // Nothing is compared where the space is empty.
  tree_.space.vectors = 2;
  stop_after_ = 1000;
  counts = run_lines(kThree);
  EXPECT_FALSE(counts.value().interrupted);
  EXPECT_EQ(counts.value().unchanged, 2u);
  EXPECT_EQ(counts.value().files, 1u);
  EXPECT_EQ(tree_.sets, 3);
}

TEST_F(ImportTest, HalvesAreComparedAsHalves) {
  tree_.space.parameters.element = ElementType::kF16;
  tree_.files["a"] = {0.0999755859375F, 2};  // What float16 makes of 0.1.
  EXPECT_EQ(run_lines("{\"path\":\"a\",\"vector\":[0.1,2]}").value().unchanged, 1u);
  EXPECT_EQ(run_lines("{\"path\":\"a\",\"vector\":[0.11,2]}").value().unchanged, 0u);
}

constexpr std::string_view kBad =
    "{\"path\":\"a\",\"vector\":[1,2]}\n"
    "{\"path\":\"nowhere\",\"vector\":[1,2]}\n"
    "nonsense\n"
    "{\"path\":\"b\",\"vector\":[1,2,3]}\n"
    "{\"path\":\"b\",\"vector\":[0,0]}\n"
    "{\"path\":\"c\",\"vector\":[5,6]}\n";

TEST_F(ImportTest, TheFirstBadRowEndsIt) {
  const auto counts = run_lines(kBad);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts.value().rows, 3u);
  EXPECT_EQ(counts.value().failed, 2u);  // And the one before it, whose vector was still in hand.
  EXPECT_EQ(counts.value().files, 1u);
  EXPECT_TRUE(tree_.files["c"].empty());
}

TEST_F(ImportTest, OrItKeepsGoing) {
  keep_going_ = true;
  const auto counts = run_lines(kBad);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts.value().rows, 6u);
  EXPECT_EQ(counts.value().files, 2u);
  EXPECT_EQ(counts.value().failed, 4u);
  ASSERT_EQ(errors_.size(), 4u);
  EXPECT_EQ(errors_[0].sentence, "this is not JSON");
  EXPECT_EQ(errors_[0].row, 3u);
  EXPECT_EQ(errors_[1].sentence, "the vector has 3 numbers, the space 2");
  EXPECT_EQ(errors_[1].path, "b");
  EXPECT_EQ(errors_[2].row, 5u);
  EXPECT_EQ(errors_[3].sentence, "set: No such file or directory");  // When its rows are complete.
  EXPECT_EQ(errors_[3].row, 2u);
}

TEST_F(ImportTest, AFullDiskEndsItWhatever) {
  keep_going_ = true;
  tree_.errors["b"] = ENOSPC;
  EXPECT_EQ(run_lines(kThree).error(), ENOSPC);
  EXPECT_EQ(tree_.files["a"], (Floats{1, 2}));
}

TEST_F(ImportTest, AFilesVectorsFitInAnAttribute) {
  keep_going_ = true;
  std::string lines;
  const uint64_t rows = limits::kXattrValueBytesMax / 8 + 3;
  for (uint64_t i = 0; i < rows; ++i) lines += "{\"path\":\"a\",\"vector\":[1,2]}\n";
  stop_after_ = rows + 1;
  const auto counts = run_lines(lines);
  ASSERT_TRUE(counts.ok());
  EXPECT_EQ(counts.value().failed, 3u);
  EXPECT_EQ(tree_.files["a"].size(), limits::kXattrValueBytesMax / 4);
}

}  // namespace
}  // namespace vexfs::cli
