// Tests of SourceTree, with the privilege to open by handle and without.
#include "tree/source_tree.h"

#include <gtest/gtest.h>

#include <array>

#include "base/limits.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::tree {
namespace {

class SourceTreeTest : public testing::TestWithParam<SourceTree::Opening> {
 protected:
  void SetUp() override {
    auto made = SourceTree::create(files_.open_root(), GetParam());
    ASSERT_TRUE(made.ok()) << made.status().what();
    tree_ = std::move(made).value();
  }
  bool by_path() const { return !tree_->reaches_all(); }  // Also where the tests lack the right.
  ObjectKey key_of(const std::string& name) {
    return tree_->key_of(files_.open_path(name).get()).value();
  }
  std::string path_of(const ObjectKey& key) {
    std::array<char, 512> buffer;
    const auto path = tree_->path_of(key, buffer);
    return path.ok() ? std::string(path.value()) : "error " + std::to_string(path.error());
  }

  TemporaryTree files_;
  std::unique_ptr<SourceTree> tree_;
};

TEST_P(SourceTreeTest, FindsAFileByItsKey) {
  files_.make_directory("d");
  const Fd file = files_.make_file("d/f");
  const ObjectKey key = key_of("d/f");
  EXPECT_EQ(path_of(key), "d/f");
  const auto opened = tree_->open(key, O_RDONLY);
  ASSERT_TRUE(opened.ok());
  EXPECT_TRUE(tree_->key_of(opened.value().get()).value() == key);
}

TEST_P(SourceTreeTest, TheSourceIsTheEmptyPath) {
  const ObjectKey key = tree_->key_of(tree_->root().get()).value();
  EXPECT_EQ(path_of(key), "");
  EXPECT_TRUE(tree_->open(key, O_RDONLY | O_DIRECTORY).ok());
}

TEST_P(SourceTreeTest, KnowsARenamedFileOnceItWasSeenThere) {
  const Fd file = files_.make_file("a");
  const ObjectKey key = key_of("a");
  ASSERT_EQ(::renameat(files_.fd(), "a", files_.fd(), "b"), 0);
  if (by_path()) {
    EXPECT_EQ(tree_->open(key, O_PATH).error(), ENOENT);
    (void)key_of("b");
  }
  EXPECT_EQ(path_of(key), "b");
  EXPECT_TRUE(tree_->open(key, O_PATH).ok());
}

TEST_P(SourceTreeTest, AnotherFileUnderTheNameIsNotTaken) {
  const Fd first = files_.make_file("a");
  const ObjectKey key = key_of("a");
  ASSERT_EQ(::unlinkat(files_.fd(), "a", 0), 0);
  const Fd second = files_.make_file("a");
  EXPECT_EQ(path_of(key).substr(0, 5), "error");
}

TEST_P(SourceTreeTest, AGoneFileIsGone) {
  (void)files_.make_file("a");
  const ObjectKey key = key_of("a");
  ASSERT_EQ(::unlinkat(files_.fd(), "a", 0), 0);
  const int error = tree_->open(key, O_PATH).error();
  EXPECT_EQ(error, by_path() ? ENOENT : ESTALE);
}

TEST_P(SourceTreeTest, WhatLeftTheSourceHasNoPath) {
  const TemporaryTree elsewhere;
  const Fd file = files_.make_file("a");
  const ObjectKey key = key_of("a");
  ASSERT_EQ(::renameat(files_.fd(), "a", elsewhere.fd(), "a"), 0);
  EXPECT_EQ(path_of(key), "error " + std::to_string(ENOENT));
}

TEST_P(SourceTreeTest, RemembersSoManyPathsAndNoMore) {
  if (!by_path()) GTEST_SKIP() << "handles need no memory";
  (void)files_.make_file("first");
  (void)files_.make_file("second");
  const ObjectKey first = key_of("first");
  for (size_t i = 0; i < limits::kRememberedPathsMax; ++i) {
    const std::string name = "f" + std::to_string(i);
    (void)files_.make_file(name);
    (void)key_of(name);
    if (i == 0) (void)key_of("second");
  }
  EXPECT_EQ(path_of(first), "error " + std::to_string(ENOENT));
}

TEST_P(SourceTreeTest, APathLongerThanTheBufferIsAnError) {
  (void)files_.make_file("abc");
  std::array<char, 2> buffer;
  EXPECT_EQ(tree_->path_of(key_of("abc"), buffer).error(), ENAMETOOLONG);
}

INSTANTIATE_TEST_SUITE_P(Openings, SourceTreeTest,
                         testing::Values(SourceTree::Opening::kBest, SourceTree::Opening::kByPath),
                         [](const auto& tested) {
                           return tested.param == SourceTree::Opening::kBest ? "Best" : "ByPath";
                         });

}  // namespace
}  // namespace vexfs::tree
