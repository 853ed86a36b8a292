// What the watch reports as a change and what not, in directories old and new.
#include "cli/tree/tree_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "tree/testing/temporary_tree.h"

namespace vexfs::cli {
namespace {

constexpr std::chrono::milliseconds kSoon{5000};
constexpr std::chrono::milliseconds kAtOnce{0};

class TreeWatchTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return tree_.path() + "/" + name; }
  void make(const std::string& name) { tree_.make_directory(name); }
  void write(const std::string& name) {
    const Fd file(::open(path(name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    ASSERT_TRUE(file.valid());
    ASSERT_EQ(::write(file.get(), "x", 1), 1);
  }
  TreeWatch watch() { return TreeWatch::create(tree_.path()).value(); }

  tree::TemporaryTree tree_;
};

TEST_F(TreeWatchTest, ChangesAreTold) {
  make("a");
  make("a/b");
  TreeWatch watch = this->watch();
  EXPECT_TRUE(watch.whole());
  EXPECT_EQ(watch.directories(), 3U);
  EXPECT_FALSE(watch.wait(kAtOnce));
  write("a/b/file");
  EXPECT_TRUE(watch.wait(kSoon));
  ASSERT_EQ(::rename(path("a/b/file").c_str(), path("file").c_str()), 0);
  EXPECT_TRUE(watch.wait(kSoon));
  ASSERT_EQ(::unlink(path("file").c_str()), 0);
  EXPECT_TRUE(watch.wait(kSoon));
  EXPECT_FALSE(watch.wait(kAtOnce));
}

TEST_F(TreeWatchTest, NewDirectoriesAreWatchedToo) {
  TreeWatch watch = this->watch();
  make("new");
  make("new/below");
  EXPECT_TRUE(watch.wait(kSoon));
  while (watch.wait(kAtOnce)) {
  }
  write("new/below/file");
  EXPECT_TRUE(watch.wait(kSoon));
}

TEST_F(TreeWatchTest, TheStoreIsNot) {
  make(".vexfs");
  TreeWatch watch = this->watch();
  EXPECT_EQ(watch.directories(), 1U);
  write(".vexfs/file");
  EXPECT_FALSE(watch.wait(kAtOnce));
}

TEST_F(TreeWatchTest, WhatIsGoneIsForgotten) {
  make("a");
  TreeWatch watch = this->watch();
  ASSERT_EQ(::rmdir(path("a").c_str()), 0);
  EXPECT_TRUE(watch.wait(kSoon));
  while (watch.wait(kAtOnce)) {
  }
  EXPECT_EQ(watch.directories(), 1U);
}

}  // namespace
}  // namespace vexfs::cli
