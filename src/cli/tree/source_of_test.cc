// Finding the source above a directory. End-to-end tests cover mounts.
#include "cli/tree/source_of.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tree/testing/temporary_tree.h"

namespace vexfs::cli {
namespace {

TEST(SourceOfTest, TheNearestDirectoryWithAStore) {
  const tree::TemporaryTree tree;
  const std::string& root = tree.path();
  std::filesystem::create_directories(root + "/a/b/c");
  std::filesystem::create_directories(root + "/.vexfs");
  std::filesystem::create_directories(root + "/a/b/.vexfs");
  EXPECT_TRUE(has_store(root));
  EXPECT_FALSE(has_store(root + "/a"));
  EXPECT_EQ(source_above(root + "/a/b/c"), root + "/a/b");
  EXPECT_EQ(source_above(root + "/a"), root);
  EXPECT_EQ(source_above(root), root);
  EXPECT_FALSE(mountpoint_of(root).has_value());
}

}  // namespace
}  // namespace vexfs::cli
