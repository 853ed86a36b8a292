// Which rule decides, and descending through directories.
#include "engine/indexing/ignore_stack.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {
namespace {

class IgnoreStackTest : public testing::Test {
 protected:
  void write(const std::string& path, const std::string& text) {
    const Fd file = files_.make_file(path);
    EXPECT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void go(const std::string& path) {
    const Fd fd = files_.open_path(path.empty() ? "." : path);
    stack_.go_to(path, fd.get());
  }
  tree::TemporaryTree files_;
  IgnoreStack stack_;
};

TEST_F(IgnoreStackTest, TheDeepestFileDecides) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  files_.make_directory("c");
  write(".gitignore", "*.o\nbuild/\n/c/x\n");
  write("a/.gitignore", "!keep.o\n");
  write("a/.vexfsignore", "notes\n");
  go("");
  EXPECT_TRUE(stack_.ignores("x.o", false));
  EXPECT_FALSE(stack_.ignores("notes", false));
  EXPECT_TRUE(stack_.ignores("build", true));
  EXPECT_FALSE(stack_.ignores("build", false));
  go("a");
  EXPECT_FALSE(stack_.ignores("keep.o", false));
  EXPECT_TRUE(stack_.ignores("x.o", false));
  EXPECT_TRUE(stack_.ignores("notes", false));
  go("a/b");
  EXPECT_FALSE(stack_.ignores("keep.o", false));
  EXPECT_TRUE(stack_.ignores("notes", false));
  go("c");
  EXPECT_TRUE(stack_.ignores("keep.o", false));
  EXPECT_TRUE(stack_.ignores("x", false));
  EXPECT_FALSE(stack_.ignores("notes", false));
  EXPECT_TRUE(stack_.ignores(".git", true));
  EXPECT_TRUE(stack_.ignores(".vexfs", true));
}

TEST_F(IgnoreStackTest, DescendsButNotIntoDirectoriesThatAreLeftOut) {
  files_.make_directory("a");
  files_.make_directory("a/b");
  files_.make_directory("out");
  files_.make_directory("out/in");
  write(".vexfsignore", "out/\n");
  write("a/.gitignore", "*.log\n");
  ASSERT_TRUE(stack_.descend(files_.fd(), "a/b").ok());
  EXPECT_TRUE(stack_.ignores("x.log", false));
  EXPECT_FALSE(stack_.ignores("x", false));
  EXPECT_EQ(stack_.descend(files_.fd(), "out/in").error(), EPERM);
  EXPECT_EQ(stack_.descend(files_.fd(), "a/none").error(), ENOENT);
  ASSERT_TRUE(stack_.descend(files_.fd(), "").ok());
  EXPECT_FALSE(stack_.ignores("x.log", false));
}

}  // namespace
}  // namespace vexfs::engine
