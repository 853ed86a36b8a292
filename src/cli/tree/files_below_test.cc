// The walk's order, and what is not a file of the tree.
#include "cli/tree/files_below.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tree/testing/temporary_tree.h"

namespace vexfs::cli {
namespace {

class FilesBelowTest : public testing::Test {
 protected:
  void file(const std::string& path) {
    std::filesystem::create_directories(
        (root_ + "/" + path).substr(0, (root_ + "/" + path).rfind('/')));
    std::ofstream(root_ + "/" + path) << "x";
  }
  Result<std::vector<std::string>> walk(size_t files_max = 100) {
    return files_below(tree_.open_root(), files_max);
  }
  const tree::TemporaryTree tree_;
  const std::string& root_ = tree_.path();
};

TEST_F(FilesBelowTest, SortsWholePathsByBytes) {
  for (const char* path : {"b", "a/z", "a.txt", "a/b/c", "Z", "a-1/x", ".hidden"}) file(path);
  const std::vector<std::string> expected = {".hidden", "Z", "a-1/x", "a.txt", "a/b/c", "a/z", "b"};
  EXPECT_EQ(walk().value(), expected);
}

TEST_F(FilesBelowTest, TakesFilesOnly) {
  file(".vexfs/catalog");
  file("a/.vexfs/status");
  file("a/file");
  ASSERT_EQ(::symlink("a/file", (root_ + "/link").c_str()), 0);
  ASSERT_EQ(::symlink("a", (root_ + "/linked").c_str()), 0);
  ASSERT_EQ(::mkfifo((root_ + "/fifo").c_str(), 0600), 0);
  EXPECT_EQ(walk().value(), std::vector<std::string>{"a/file"});
}

TEST_F(FilesBelowTest, IsBounded) {
  for (int i = 0; i < 5; ++i) file("f" + std::to_string(i));
  EXPECT_EQ(walk(5).value().size(), 5u);
  EXPECT_EQ(walk(4).error(), EFBIG);
  EXPECT_FALSE(files_below(Fd(), 5).ok());
}

}  // namespace
}  // namespace vexfs::cli
