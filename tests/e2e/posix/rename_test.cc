// Rename in all its forms, and hard links.
#include <stdio.h>
#include <unistd.h>

#include <string>

#include "tests/e2e/support/posix_test.h"

namespace vexfs::e2e {
namespace {

using Rename = PosixTest;
using Link = PosixTest;

int rename_as(const std::string& from, const std::string& to, unsigned flags = 0) {
  return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags);
}

TEST_F(Rename, KeepsTheFile) {
  make_file("from", "content");
  const ino_t inode = stat_of("from").st_ino;
  ASSERT_OK(rename_as(path("from"), path("to")));
  EXPECT_FALSE(exists("from"));
  EXPECT_EQ(stat_of("to").st_ino, inode);
  EXPECT_EQ(read_path(path("to")), "content");
  EXPECT_ERRNO(ENOENT, rename_as(path("from"), path("to")));
}

TEST_F(Rename, ReplacesAFile) {
  make_file("from", "new");
  make_file("to", "old");
  const ino_t inode = stat_of("from").st_ino;
  ASSERT_OK(rename_as(path("from"), path("to")));
  EXPECT_EQ(read_path(path("to")), "new");
  EXPECT_EQ(stat_of("to").st_ino, inode);
}

TEST_F(Rename, AnOpenFileThatIsReplacedLivesOn) {
  make_file("from", "new");
  Fd old = create("to", "old");
  ASSERT_OK(rename_as(path("from"), path("to")));
  EXPECT_EQ(stat_fd(old.get()).st_nlink, 0U);
  EXPECT_EQ(read_all(old.get()), "old");
  EXPECT_TRUE(write_at(old.get(), "still", 0));
  EXPECT_EQ(read_all(old.get()), "still");
  EXPECT_EQ(read_path(path("to")), "new");
}

TEST_F(Rename, AnOpenFileThatMovesStaysOpen) {
  Fd fd = create("from", "content");
  make_dir("dir");
  ASSERT_OK(rename_as(path("from"), path("dir/to")));
  EXPECT_TRUE(write_at(fd.get(), "CON", 0));
  EXPECT_EQ(read_path(path("dir/to")), "CONtent");
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 1U);
}

TEST_F(Rename, DirectoriesReplaceOnlyEmptyDirectories) {
  make_dir("from");
  make_file("from/file", "inside");
  make_dir("empty");
  make_dir("full");
  make_file("full/file");
  make_file("file");
  EXPECT_EQ(rename_as(path("from"), path("full")), -1);
  EXPECT_TRUE(errno == ENOTEMPTY || errno == EEXIST)
      << errno;  // POSIX allows both errors; xfs answers EEXIST.
  EXPECT_ERRNO(ENOTDIR, rename_as(path("from"), path("file")));
  EXPECT_ERRNO(EISDIR, rename_as(path("file"), path("empty")));
  ASSERT_OK(rename_as(path("from"), path("empty")));
  EXPECT_EQ(read_path(path("empty/file")), "inside");
  EXPECT_FALSE(exists("from"));
}

TEST_F(Rename, ADirectoryDoesNotMoveIntoItself) {
  make_dir("dir");
  make_dir("dir/inner");
  EXPECT_ERRNO(EINVAL, rename_as(path("dir"), path("dir/inner/dir")));
  EXPECT_ERRNO(EINVAL, rename_as(path("dir"), path("dir/dir")));
  EXPECT_ERRNO(ENOTEMPTY, rename_as(path("dir/inner"), path("dir")));
  EXPECT_OK(rename_as(path("dir"), path("dir")));
}

TEST_F(Rename, NoReplace) {
  make_file("from", "from");
  make_file("to", "to");
  EXPECT_ERRNO(EEXIST, rename_as(path("from"), path("to"), RENAME_NOREPLACE));
  EXPECT_EQ(read_path(path("to")), "to");
  EXPECT_OK(rename_as(path("from"), path("fresh"), RENAME_NOREPLACE));
  EXPECT_EQ(read_path(path("fresh")), "from");
}

TEST_F(Rename, Exchange) {
  make_file("file", "file");
  make_dir("dir");
  make_file("dir/inner", "inner");
  const ino_t file = stat_of("file").st_ino;
  const ino_t dir = stat_of("dir").st_ino;
  ASSERT_OK(rename_as(path("file"), path("dir"), RENAME_EXCHANGE));
  EXPECT_EQ(stat_of("dir").st_ino, file);
  EXPECT_EQ(stat_of("file").st_ino, dir);
  EXPECT_EQ(read_path(path("dir")), "file");
  EXPECT_EQ(read_path(path("file/inner")), "inner");
  EXPECT_ERRNO(ENOENT, rename_as(path("file"), path("missing"), RENAME_EXCHANGE));
  EXPECT_ERRNO(EINVAL, rename_as(path("file"), path("dir"), RENAME_EXCHANGE | RENAME_NOREPLACE));
}

TEST_F(Rename, ExchangeAcrossDirectoriesMovesDotDot) {
  make_dir("one");
  make_dir("two");
  make_dir("one/a");
  make_dir("two/b");
  ASSERT_OK(rename_as(path("one/a"), path("two/b"), RENAME_EXCHANGE));
  EXPECT_EQ(stat_of("one/a/..").st_ino, stat_of("one").st_ino);
  EXPECT_EQ(stat_of("two/b/..").st_ino, stat_of("two").st_ino);
}

TEST_F(Rename, OfTwoNamesOfOneFileDoesNothing) {
  make_file("one");
  ASSERT_OK(::link(path("one").c_str(), path("two").c_str()));
  EXPECT_OK(rename_as(path("one"), path("two")));
  EXPECT_TRUE(exists("one"));
  EXPECT_TRUE(exists("two"));
  EXPECT_EQ(stat_of("one").st_nlink, 2U);
}

TEST_F(Rename, RelativeToMovedDirectories) {
  make_dir("a");
  make_dir("b");
  make_dir("a/deep");
  Fd a = dir_fd("a");
  Fd deep = dir_fd("a/deep");
  ASSERT_OK(rename_as(path("a/deep"), path("b/moved")));
  ASSERT_OK(rename_as(path("a"), path("renamed")));
  Fd file(::openat(deep.get(), "file", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  ASSERT_OK(file.get());
  EXPECT_TRUE(exists("b/moved/file"));
  ASSERT_OK(::renameat2(deep.get(), "file", a.get(), "there", RENAME_NOREPLACE));
  EXPECT_TRUE(exists("renamed/there"));
  EXPECT_FALSE(exists("b/moved/file"));
  ASSERT_OK(::unlinkat(a.get(), "there", 0));
  ASSERT_OK(::mkdirat(deep.get(), "sub", 0755));
  EXPECT_TRUE(exists("b/moved/sub"));
}

TEST_F(Rename, OfSymlinksMovesTheLink) {
  make_file("target");
  ASSERT_OK(::symlink("target", path("link").c_str()));
  ASSERT_OK(rename_as(path("link"), path("other")));
  EXPECT_TRUE(S_ISLNK(stat_of("other").st_mode));
  EXPECT_TRUE(exists("target"));
}

TEST_F(Link, CountsAndIdentity) {
  make_file("one", "content");
  make_dir("dir");
  ASSERT_OK(::link(path("one").c_str(), path("dir/two").c_str()));
  EXPECT_EQ(stat_of("one").st_nlink, 2U);
  EXPECT_EQ(stat_of("dir/two").st_nlink, 2U);
  EXPECT_EQ(stat_of("one").st_ino, stat_of("dir/two").st_ino);
  Fd two = open_fd(path("dir/two"), O_RDWR);
  EXPECT_TRUE(write_at(two.get(), "CON", 0));
  EXPECT_EQ(read_path(path("one")), "CONtent");
  ASSERT_OK(::chmod(path("one").c_str(), 0611));
  EXPECT_EQ(stat_of("dir/two").st_mode & 07777U, 0611U);
  ASSERT_OK(::truncate(path("one").c_str(), 100));
  EXPECT_EQ(stat_of("dir/two").st_size, 100);
  ASSERT_OK(::unlink(path("one").c_str()));
  EXPECT_EQ(stat_of("dir/two").st_nlink, 1U);
  EXPECT_EQ(stat_fd(two.get()).st_nlink, 1U);
}

TEST_F(Link, Errors) {
  make_file("file");
  make_file("taken");
  make_dir("dir");
  EXPECT_ERRNO(EEXIST, ::link(path("file").c_str(), path("taken").c_str()));
  EXPECT_ERRNO(EPERM, ::link(path("dir").c_str(), path("second").c_str()));
  EXPECT_ERRNO(ENOENT, ::link(path("missing").c_str(), path("second").c_str()));
}

TEST_F(Link, OfASymlinkIsTheSymlink) {
  ASSERT_OK(::symlink("nowhere", path("link").c_str()));
  ASSERT_OK(::linkat(AT_FDCWD, path("link").c_str(), AT_FDCWD, path("second").c_str(), 0));
  EXPECT_EQ(stat_of("second").st_ino, stat_of("link").st_ino);
  EXPECT_EQ(stat_of("second").st_nlink, 2U);
}

TEST_F(Link, ManyNamesOfOneFile) {
  make_file("file");
  for (int i = 0; i < 200; ++i) {
    ASSERT_OK(::link(path("file").c_str(), path("name" + std::to_string(i)).c_str()));
  }
  EXPECT_EQ(stat_of("name123").st_nlink, 201U);
  for (int i = 0; i < 200; ++i) {
    ASSERT_OK(::unlink(path("name" + std::to_string(i)).c_str()));
  }
  EXPECT_EQ(stat_of("file").st_nlink, 1U);
}

}  // namespace
}  // namespace vexfs::e2e
