// Tests of keys and paths, by handle, and by path as an unprivileged daemon has to.
#include "fs/backing/mount_tree.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/testing/temporary_directory.h"
#include "tree/object_key.h"

namespace vexfs::fs {
namespace {

using store::ObjectKey;

// The parameter says whether the daemon may open by handle.
class MountTreeTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    passthrough_ = std::make_unique<Passthrough>(false, false);
    Fd root(::fcntl(directory_.fd().get(), F_DUPFD_CLOEXEC, 0));
    backing_ = std::make_unique<Backing>(std::move(root), GetParam(), *passthrough_);
    ASSERT_TRUE(backing_->start().ok());
    if (GetParam() && !backing_->uses_handles()) GTEST_SKIP() << "needs CAP_DAC_READ_SEARCH";
    Result<std::unique_ptr<MountTree>> tree = MountTree::create(*backing_);
    ASSERT_TRUE(tree.ok()) << tree.status().what();
    tree_ = std::move(tree).value();
  }
  NodeId look_up(NodeId parent, const char* name) {
    const Result<Entry> entry = backing_->lookup(parent, name);
    EXPECT_TRUE(entry.ok()) << name;
    return entry.ok() ? entry.value().info.node : kNoNode;
  }
  ObjectKey key_of(NodeId node) {
    const Result<ObjectKey> key = tree_->key_of_node(node);
    EXPECT_TRUE(key.ok()) << key.status().what();
    return key.ok() ? key.value() : ObjectKey();
  }
  // Where there is no path, "!" and the name of the error.
  std::string path_of(const ObjectKey& key) {
    std::array<char, 4096> buffer;
    const Result<std::string_view> path = tree_->path_of(key, buffer);
    return path.ok() ? std::string(path.value()) : "!" + std::string(strerrorname_np(path.error()));
  }
  int dir() const { return directory_.fd().get(); }

  TemporaryDirectory directory_;
  std::unique_ptr<Passthrough> passthrough_;
  std::unique_ptr<Backing> backing_;
  std::unique_ptr<MountTree> tree_;
};

TEST_P(MountTreeTest, TheRootHasTheKeyOfItsDescriptor) {
  const Result<ObjectKey> by_fd = tree_->key_of(tree_->root().get());
  ASSERT_TRUE(by_fd.ok());
  EXPECT_TRUE(by_fd.value() == key_of(kRootNode));
  EXPECT_EQ(path_of(by_fd.value()), "");
  EXPECT_TRUE(tree_->open(by_fd.value(), O_RDONLY | O_DIRECTORY).ok());
}

TEST_P(MountTreeTest, ANodesKeyIsThatOfItsDescriptor) {
  const Fd file = directory_.create("file", "content");
  const ObjectKey key = key_of(look_up(kRootNode, "file"));
  const Result<ObjectKey> by_fd = tree_->key_of(file.get());
  ASSERT_TRUE(by_fd.ok());
  EXPECT_TRUE(by_fd.value() == key);
  EXPECT_FALSE(key == key_of(kRootNode));
}

TEST_P(MountTreeTest, OpensTheInodeWhateverItsName) {
  const Fd file = directory_.create("file", "content");
  const ObjectKey key = key_of(look_up(kRootNode, "file"));
  ASSERT_EQ(::renameat(dir(), "file", dir(), "moved"), 0);
  backing_->moved(kRootNode, "moved");
  EXPECT_TRUE(key_of(look_up(kRootNode, "moved")) == key);
  directory_.create("file", "another");
  const Result<Fd> opened = tree_->open(key, O_RDONLY);
  ASSERT_TRUE(opened.ok()) << opened.status().what();
  std::array<char, 8> bytes{};
  EXPECT_EQ(::pread(opened.value().get(), bytes.data(), 7, 0), 7);
  EXPECT_EQ(std::string(bytes.data()), "content");
  EXPECT_EQ(path_of(key), "moved");
}

TEST_P(MountTreeTest, PathsLeadThroughDirectories) {
  ASSERT_EQ(::mkdirat(dir(), "a", 0700), 0);
  const NodeId a = look_up(kRootNode, "a");
  const Fd inner(::openat(dir(), "a", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Fd file(::openat(inner.get(), "odd (deleted)", O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  ASSERT_TRUE(file.valid());
  EXPECT_EQ(path_of(key_of(look_up(a, "odd (deleted)"))), "a/odd (deleted)");
  EXPECT_EQ(path_of(key_of(a)), "a");
  ASSERT_EQ(::unlinkat(inner.get(), "odd (deleted)", 0), 0);
  ASSERT_EQ(::unlinkat(dir(), "a", AT_REMOVEDIR), 0);
}

TEST_P(MountTreeTest, AnUnlinkedFileOpensWhileItIsHeldAndHasNoPath) {
  Fd file = directory_.create("file", "content");
  const NodeId node = look_up(kRootNode, "file");
  const ObjectKey key = key_of(node);
  file.reset();
  backing_->keep_if_last_name(dir(), "file", false);
  ASSERT_EQ(::unlinkat(dir(), "file", 0), 0);
  EXPECT_EQ(tree_->open(key, O_RDONLY).ok(), GetParam());  // A path leads nowhere any more.
  EXPECT_TRUE(path_of(key).starts_with("!"));
  backing_->forget(node, 1);
  EXPECT_FALSE(tree_->open(key, O_RDONLY).ok());
  EXPECT_TRUE(tree_->open(key, O_RDONLY).error() == ESTALE || !tree_->reaches_all());
}

TEST_P(MountTreeTest, AFileThatMovedOutOfTheSourceHasNoPath) {
  directory_.create("file", "content");
  const ObjectKey key = key_of(look_up(kRootNode, "file"));
  const TemporaryDirectory elsewhere;
  ASSERT_EQ(::renameat(dir(), "file", elsewhere.fd().get(), "file"), 0);
  EXPECT_TRUE(path_of(key).starts_with("!"));
}

TEST_P(MountTreeTest, WhatIsMountedInsideHasNoKey) {
  const Fd proc(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(tree_->key_of(proc.get()).error(), EXDEV);
}

TEST_P(MountTreeTest, UnknownNodesAndKeysAreStale) {
  EXPECT_EQ(tree_->key_of_node(NodeId{123456}).error(), ESTALE);
  const int unknown = tree_->reaches_all() ? ESTALE : ENOENT;
  EXPECT_EQ(tree_->open(tree::absent_key(store::ObjectId{7}), O_PATH).error(), unknown);
  EXPECT_EQ(tree_->open(ObjectKey(), O_PATH).error(), unknown);
}

INSTANTIATE_TEST_SUITE_P(Daemons, MountTreeTest, testing::Bool(),
                         [](const auto& daemon) { return daemon.param ? "ByHandle" : "ByPath"; });

}  // namespace
}  // namespace vexfs::fs
