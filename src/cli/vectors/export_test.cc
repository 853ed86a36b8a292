// The export of several pages, of files with several vectors, and its failures.
#include "cli/vectors/export.h"

#include <gtest/gtest.h>

#include "cli/tree/testing/fake_tree.h"

namespace vexfs::cli {
namespace {

class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    tree_.files = {{"a", {1, 2}}, {"b", {}}, {"c", {3, 4, 5, 6}}, {"d", {7, 8}}, {"e", {9, 9}}};
  }
  bool run(uint64_t stop_after = 1000) {
    text_.clear();
    counts_ = {};
    const auto append = [&](const std::string& path, std::span<const float> vector) -> Status {
      if (path == failing_) return Status(ENOSPC, "the output");
      text_ += path + std::to_string(static_cast<int>(vector[0])) + " ";
      return Status();
    };
    const auto go_on = [&](const ExportCounts& counts) { return counts.files < stop_after; };
    return export_vectors(tree_, tree_.space, append, go_on, counts_, problem_);
  }

  FakeTree tree_;
  std::string failing_;
  std::string text_;
  std::string problem_;
  ExportCounts counts_;
};

TEST_F(ExportTest, GivesAllVectorsInOrderWhateverThePages) {
  for (const uint32_t page : {1U, 2U, 3U, 100U}) {
    tree_.page = page;
    ASSERT_TRUE(run()) << problem_;
    EXPECT_EQ(text_, "a1 c3 c5 d7 e9 ");
    EXPECT_EQ(counts_.files, 4u);
    EXPECT_EQ(counts_.vectors, 5u);
  }
}

TEST_F(ExportTest, StopsWhenTold) {
  ASSERT_TRUE(run(2));
  EXPECT_TRUE(counts_.interrupted);
  EXPECT_EQ(text_, "a1 c3 c5 ");
}

TEST_F(ExportTest, TellsWhatFailed) {
  failing_ = "d";
  EXPECT_FALSE(run());
  EXPECT_EQ(problem_, "d: the output: No space left on device");
}

}  // namespace
}  // namespace vexfs::cli
