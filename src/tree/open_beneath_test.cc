// Tests of open_beneath: nothing leads out of the directory, and no path is too long.
#include "tree/open_beneath.h"

#include <gtest/gtest.h>

#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::tree {
namespace {

ino_t inode_of(int fd) {
  struct stat stat = {};
  EXPECT_EQ(::fstat(fd, &stat), 0);
  return stat.st_ino;
}

TEST(OpenBeneathTest, OpensTheDirectoryItselfAndWhatIsInIt) {
  const TemporaryTree tree;
  tree.make_directory("d");
  const Fd file = tree.make_file("d/f");
  const auto root = open_beneath(tree.fd(), "", O_RDONLY | O_DIRECTORY);
  ASSERT_TRUE(root.ok());
  EXPECT_EQ(inode_of(root.value().get()), inode_of(tree.fd()));
  const auto found = open_beneath(tree.fd(), "d/f", O_PATH);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(inode_of(found.value().get()), inode_of(file.get()));
  EXPECT_EQ(open_beneath(tree.fd(), "d/g", O_PATH).error(), ENOENT);
}

TEST(OpenBeneathTest, FollowsNoSymlinkAndLeavesByNoDots) {
  const TemporaryTree tree;
  tree.make_directory("d");
  ASSERT_EQ(::symlinkat("d", tree.fd(), "link"), 0);
  tree.make_file("d/f");
  EXPECT_EQ(open_beneath(tree.fd(), "link/f", O_PATH).error(), ELOOP);
  EXPECT_EQ(open_beneath(tree.fd(), "../etc", O_PATH).error(), EXDEV);
  EXPECT_EQ(open_beneath(tree.fd(), "/etc", O_PATH).error(), EXDEV);
}

TEST(OpenStepTest, StaysBeneathOnBothSidesOfAMountPoint) {
  const TemporaryTree tree;
  tree.make_directory("d");
  ASSERT_EQ(::symlinkat("d", tree.fd(), "link"), 0);
  const Fd file = tree.make_file("d/f");
  for (const MountPoints mounts : {MountPoints::kRefused, MountPoints::kEntered}) {
    const Fd found = open_step(tree.fd(), "d/f", O_PATH, mounts);
    ASSERT_TRUE(found.valid());
    EXPECT_EQ(inode_of(found.get()), inode_of(file.get()));
    EXPECT_NE(::fcntl(found.get(), F_GETFD) & FD_CLOEXEC, 0);
    EXPECT_FALSE(open_step(tree.fd(), "link/f", O_PATH, mounts).valid());
    EXPECT_EQ(errno, ELOOP);
    EXPECT_FALSE(open_step(tree.fd(), "../etc", O_PATH, mounts).valid());
    EXPECT_EQ(errno, EXDEV);
  }
}

TEST(OpenStepTest, EntersAMountPointOnlyWhereItMay) {
  const Fd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  ASSERT_TRUE(root.valid());
  EXPECT_TRUE(open_step(root.get(), "proc", O_PATH, MountPoints::kEntered).valid());
  EXPECT_FALSE(open_step(root.get(), "proc", O_PATH, MountPoints::kRefused).valid());
  EXPECT_EQ(errno, EXDEV);
}

TEST(OpenBeneathTest, TakesPathsThatTheKernelWouldNot) {
  const TemporaryTree tree;
  const std::string name(200, 'n');
  std::string path;
  Fd at = tree.open_root();
  for (int depth = 0; depth < 60; ++depth) {
    ASSERT_EQ(::mkdirat(at.get(), name.c_str(), 0755), 0);
    at = Fd(::openat(at.get(), name.c_str(), O_PATH | O_CLOEXEC));
    path += (path.empty() ? "" : "/") + name;
    const auto found = open_beneath(tree.fd(), path, O_PATH);
    ASSERT_TRUE(found.ok()) << depth << ": " << found.status().what();
    EXPECT_EQ(inode_of(found.value().get()), inode_of(at.get()));
  }
  EXPECT_EQ(open_beneath(tree.fd(), std::string(5000, 'x'), O_PATH).error(), ENAMETOOLONG);
  EXPECT_EQ(open_beneath(tree.fd(), path + '/' + std::string(4090, 'x'), O_PATH).error(),
            ENAMETOOLONG);
}

TEST(OpenBeneathTest, AnotherInodeAtThePathIsStale) {
  const TemporaryTree tree;
  const auto source = SourceTree::create(tree.open_root());
  ASSERT_TRUE(source.ok());
  const Fd a = tree.make_file("a");
  const Fd b = tree.make_file("b");
  const ObjectKey key = source.value()->key_of(a.get()).value();
  const auto found = open_expected(*source.value(), "a", key, O_RDONLY);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(inode_of(found.value().get()), inode_of(a.get()));
  EXPECT_EQ(open_expected(*source.value(), "b", key, O_RDONLY).error(), ESTALE);
  EXPECT_EQ(open_expected(*source.value(), "c", key, O_RDONLY).error(), ENOENT);
}

}  // namespace
}  // namespace vexfs::tree
