// Tests of walk_tree: it visits every name once, and nothing of the store or of other mounts.
#include "tree/tree_walk.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/limits.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::tree {
namespace {

// Paths and how often each was visited.
std::map<std::string, int> names_of(int source, bool& complete) {
  std::map<std::string, int> names;
  const auto walked = walk_tree(source, [&](const WalkedName& name) {
    ++names[name.path.empty() ? name.name : name.path + '/' + name.name];
    struct stat stat = {};
    EXPECT_EQ(::fstatat(name.directory, name.name, &stat, AT_SYMLINK_NOFOLLOW), 0);
    EXPECT_EQ(stat.st_ino, name.inode);
    return true;
  });
  EXPECT_TRUE(walked.ok());
  complete = walked.ok() && walked.value();
  return names;
}

TEST(TreeWalkTest, VisitsEachNameOnce) {
  const TemporaryTree tree;
  std::map<std::string, int> expected;
  const auto make_directory = [&](const std::string& path) {
    tree.make_directory(path);
    expected[path] = 1;
  };
  const auto make_file = [&](const std::string& path) {
    (void)tree.make_file(path);
    expected[path] = 1;
  };
  for (const char* directory : {"a", "a/b", "a/b/c", "d", "e", "a/.vexfs"}) {
    make_directory(directory);
  }
  for (const char* file : {"f", "a/f", "a/b/f", "a/b/c/f", "e/f"}) make_file(file);
  ASSERT_EQ(::symlinkat("a", tree.fd(), "link"), 0);
  expected["link"] = 1;
  tree.make_directory(".vexfs");
  (void)tree.make_file(".vexfs/lock");
  bool complete = false;
  EXPECT_EQ(names_of(tree.fd(), complete), expected);
  EXPECT_TRUE(complete);
}

// The directory has more than one block of names, with directories among them.
TEST(TreeWalkTest, GoesOnWhereABlockEnded) {
  const TemporaryTree tree;
  std::map<std::string, int> expected;
  for (int i = 0; i < 1500; ++i) {
    const std::string name = "a name of some length " + std::to_string(i);
    if (i % 10 == 0) {
      tree.make_directory(name);
      (void)tree.make_file(name + "/f");
      expected[name + "/f"] = 1;
    } else {
      (void)tree.make_file(name);
    }
    expected[name] = 1;
  }
  bool complete = false;
  EXPECT_EQ(names_of(tree.fd(), complete), expected);
  EXPECT_TRUE(complete);
}

TEST(TreeWalkTest, EndsWhenItsVisitorHasEnough) {
  const TemporaryTree tree;
  for (const char* name : {"a", "b", "c"}) (void)tree.make_file(name);
  int visited = 0;
  const auto walked = walk_tree(tree.fd(), [&](const WalkedName&) { return ++visited < 2; });
  EXPECT_EQ(visited, 2);
  EXPECT_TRUE(walked.ok() && walked.value());
}

TEST(TreeWalkTest, ADirectoryThatGoesMeanwhileMakesItIncomplete) {
  const TemporaryTree tree;
  tree.make_directory("a");
  const auto walked = walk_tree(tree.fd(), [&](const WalkedName& name) {
    EXPECT_EQ(::unlinkat(name.directory, name.name, AT_REMOVEDIR), 0);
    return true;
  });
  ASSERT_TRUE(walked.ok());
  EXPECT_FALSE(walked.value());
}

TEST(TreeWalkTest, WalksDeepTrees) {
  const TemporaryTree tree;
  const std::string name(200, 'n');
  Fd at = tree.open_root();
  constexpr int kDepth = 100;
  for (int depth = 0; depth < kDepth; ++depth) {
    ASSERT_EQ(::mkdirat(at.get(), name.c_str(), 0755), 0);
    at = Fd(::openat(at.get(), name.c_str(), O_PATH | O_CLOEXEC));
  }
  bool complete = false;
  EXPECT_EQ(names_of(tree.fd(), complete).size(), size_t{kDepth});
  EXPECT_TRUE(complete);
}

}  // namespace
}  // namespace vexfs::tree
