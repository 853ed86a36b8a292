// Lookup and getattr: what stat says, what `.` and `..` are, and when two names are one file.
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <string>

#include "tests/e2e/support/posix_test.h"

namespace vexfs::e2e {
namespace {

using Lookup = PosixTest;

TEST_F(Lookup, MissingNames) {
  make_file("file");
  struct stat info {};
  EXPECT_ERRNO(ENOENT, ::lstat(path("nothing").c_str(), &info));
  EXPECT_ERRNO(ENOENT, ::lstat(path("nothing/below").c_str(), &info));
  EXPECT_ERRNO(ENOTDIR, ::lstat(path("file/below").c_str(), &info));
  EXPECT_ERRNO(ENOTDIR, ::lstat(path("file/").c_str(), &info));
  EXPECT_ERRNO(ENOENT, ::lstat("", &info));
}

TEST_F(Lookup, ANameThatWasMissingIsFoundOnceMade) {
  EXPECT_FALSE(exists("later"));
  make_file("later");
  EXPECT_TRUE(exists("later"));
  EXPECT_OK(::unlink(path("later").c_str()));
  EXPECT_FALSE(exists("later"));
  make_dir("later");
  EXPECT_TRUE(S_ISDIR(stat_of("later").st_mode));
}

TEST_F(Lookup, AttributesOfANewFile) {
  timespec before{};
  ASSERT_OK(::clock_gettime(CLOCK_REALTIME_COARSE, &before));
  make_file("file", "twelve bytes", 0640);
  const struct stat info = stat_of("file");
  EXPECT_TRUE(S_ISREG(info.st_mode));
  EXPECT_EQ(info.st_mode & 07777U, 0640U);
  EXPECT_EQ(info.st_size, 12);
  EXPECT_EQ(info.st_nlink, 1U);
  EXPECT_EQ(info.st_uid, ::geteuid());
  EXPECT_EQ(info.st_gid, ::getegid());
  EXPECT_GT(info.st_blksize, 0);
  EXPECT_GE(info.st_mtim.tv_sec, before.tv_sec);
  EXPECT_GE(info.st_ctim.tv_sec, before.tv_sec);
  EXPECT_EQ(info.st_dev, stat_of("").st_dev);
}

TEST_F(Lookup, FstatAndStatAgree) {
  Fd fd = create("file", "content");
  const struct stat by_fd = stat_fd(fd.get());
  const struct stat by_name = stat_of("file");
  EXPECT_EQ(by_fd.st_ino, by_name.st_ino);
  EXPECT_EQ(by_fd.st_dev, by_name.st_dev);
  EXPECT_EQ(by_fd.st_size, by_name.st_size);
  EXPECT_EQ(by_fd.st_mode, by_name.st_mode);
  EXPECT_EQ(by_fd.st_blocks, by_name.st_blocks);
  EXPECT_TRUE(same_time(by_fd.st_mtim, by_name.st_mtim));
}

TEST_F(Lookup, DotAndDotDot) {
  make_dir("outer");
  make_dir("outer/inner");
  EXPECT_EQ(stat_of("outer/inner/.").st_ino, stat_of("outer/inner").st_ino);
  EXPECT_EQ(stat_of("outer/inner/..").st_ino, stat_of("outer").st_ino);
  EXPECT_EQ(stat_of("outer/..").st_ino, stat_of("").st_ino);
}

TEST_F(Lookup, DotDotFollowsAMovedDirectory) {
  make_dir("from");
  make_dir("to");
  make_dir("from/child");
  make_file("to/beside", "found");
  Fd child = dir_fd("from/child");
  ASSERT_OK(::rename(path("from/child").c_str(), path("to/child").c_str()));
  struct stat parent {};
  ASSERT_OK(::fstatat(child.get(), "..", &parent, 0));
  EXPECT_EQ(parent.st_ino, stat_of("to").st_ino);
  Fd beside(::openat(child.get(), "../beside", O_RDONLY | O_CLOEXEC));
  ASSERT_OK(beside.get());
  EXPECT_EQ(read_all(beside.get()), "found");
}

TEST_F(Lookup, DirectoryLinkCounts) {
  make_dir("dir");
  make_dir("dir/one");
  make_dir("dir/two");
  const nlink_t full = stat_of("dir").st_nlink;
  ASSERT_OK(::rmdir(path("dir/two").c_str()));
  const nlink_t fewer = stat_of("dir").st_nlink;
  // btrfs keeps directories at 1; others count subdirectories.
  if (full == 1) {
    EXPECT_EQ(fewer, 1U);
  } else {
    EXPECT_EQ(full, 4U);
    EXPECT_EQ(fewer, 3U);
  }
}

TEST_F(Lookup, StatxFillsTheBasicFields) {
  make_file("file", "abc", 0604);
  struct statx info {};
  ASSERT_OK(::statx(AT_FDCWD, path("file").c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &info));
  const struct stat plain = stat_of("file");
  EXPECT_EQ(info.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
  EXPECT_EQ(info.stx_ino, plain.st_ino);
  EXPECT_EQ(info.stx_size, 3U);
  EXPECT_EQ(info.stx_mode, plain.st_mode);
  EXPECT_EQ(makedev(info.stx_dev_major, info.stx_dev_minor), plain.st_dev);
}

TEST_F(Lookup, StatxBirthTime) {
  VEXFS_NEEDS(kBirthTime);
  make_file("file");
  struct statx info {};
  ASSERT_OK(::statx(AT_FDCWD, path("file").c_str(), 0, STATX_BTIME, &info));
  EXPECT_NE(info.stx_mask & STATX_BTIME, 0U) << "the backing filesystem has birth times";
}

TEST_F(Lookup, StatvfsIsTheBackingFilesystems) {
  struct statvfs own {};
  ASSERT_OK(::statvfs(path().c_str(), &own));
  EXPECT_GE(own.f_namemax, 255U);
  EXPECT_GT(own.f_blocks, 0U);
  EXPECT_LE(own.f_bavail, own.f_blocks);
  Fd fd = create("file");
  struct statvfs by_fd {};
  ASSERT_OK(::fstatvfs(fd.get(), &by_fd));
  EXPECT_EQ(by_fd.f_blocks, own.f_blocks);
  if (!has_backing()) return;
  struct statvfs behind {};
  ASSERT_OK(::statvfs(backing().c_str(), &behind));
  EXPECT_EQ(own.f_bsize, behind.f_bsize);
  EXPECT_EQ(own.f_frsize, behind.f_frsize);
  EXPECT_EQ(own.f_blocks, behind.f_blocks);
  EXPECT_EQ(own.f_namemax, behind.f_namemax);
}

TEST_F(Lookup, SearchPermissionIsChecked) {
  make_dir("closed");
  make_file("closed/file");
  ASSERT_OK(::chmod(path("closed").c_str(), 0600));
  struct stat info {};
  if (environment().privileged) {
    EXPECT_OK(::lstat(path("closed/file").c_str(), &info));
  } else {
    EXPECT_ERRNO(EACCES, ::lstat(path("closed/file").c_str(), &info));
  }
  ASSERT_OK(::chmod(path("closed").c_str(), 0700));
  EXPECT_OK(::lstat(path("closed/file").c_str(), &info));
}

TEST_F(Lookup, SymlinkLoops) {
  ASSERT_OK(::symlink("loop", path("loop").c_str()));
  struct stat info {};
  EXPECT_ERRNO(ELOOP, ::stat(path("loop").c_str(), &info));
  EXPECT_OK(::lstat(path("loop").c_str(), &info));
}

}  // namespace
}  // namespace vexfs::e2e
