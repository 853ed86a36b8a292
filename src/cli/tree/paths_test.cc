// Real paths, directories of files, parents, and paths below others.
#include "cli/tree/paths.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace vexfs::cli {
namespace {

TEST(PathsTest, RealPaths) {
  EXPECT_EQ(real_path("/tmp/../tmp/."), real_path("/tmp"));
  EXPECT_EQ(real_path("/nowhere/at/all"), "");
  EXPECT_EQ(errno, ENOENT);
}

TEST(PathsTest, DirectoriesOfFiles) {
  EXPECT_EQ(directory_of("/tmp"), "/tmp");
  EXPECT_EQ(directory_of("/etc/passwd"), "/etc/");
  EXPECT_EQ(directory_of("/nowhere/at/all"), "/nowhere/at/all");
}

TEST(PathsTest, Parents) {
  EXPECT_EQ(parent_of("/a/b"), "/a");
  EXPECT_EQ(parent_of("/a"), "/");
  EXPECT_EQ(parent_of("/"), "/");
}

TEST(PathsTest, Below) {
  EXPECT_EQ(path_below("/a", "/a/b/c"), "b/c");
  EXPECT_EQ(path_below("/", "/a/b"), "a/b");
  EXPECT_EQ(path_below("/a", "/ab/c"), "");
  EXPECT_EQ(path_below("/a", "/a"), "");
}

}  // namespace
}  // namespace vexfs::cli
