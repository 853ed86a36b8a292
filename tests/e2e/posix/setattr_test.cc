// Setattr: mode, owner, size and times, one at a time and to the nanosecond.
#include <sys/time.h>
#include <unistd.h>

#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Setattr = PosixTest;

constexpr timespec kOmit{0, UTIME_OMIT};
constexpr timespec kNow{0, UTIME_NOW};

bool set_times(const std::string& name, timespec access, timespec modification, int flags = 0) {
  const timespec times[2] = {access, modification};
  return ::utimensat(AT_FDCWD, name.c_str(), times, flags) == 0;
}

TEST_F(Setattr, EveryModeBit) {
  make_file("file");
  make_dir("dir");
  for (mode_t mode = 0; mode <= 0777; mode += 0111) {
    ASSERT_OK(::chmod(path("file").c_str(), mode));
    EXPECT_EQ(stat_of("file").st_mode & 07777U, mode);
  }
  for (const mode_t mode : {04755U, 02755U, 06711U, 0644U}) {
    ASSERT_OK(::chmod(path("file").c_str(), mode));
    EXPECT_EQ(stat_of("file").st_mode & 07777U, mode);
  }
  for (const mode_t mode : {01777U, 02770U, 0500U, 0755U}) {
    ASSERT_OK(::chmod(path("dir").c_str(), mode));
    EXPECT_EQ(stat_of("dir").st_mode & 07777U, mode);
  }
}

TEST_F(Setattr, ChmodThroughADescriptor) {
  Fd fd = create("file");
  ASSERT_OK(::fchmod(fd.get(), 0401));
  EXPECT_EQ(stat_fd(fd.get()).st_mode & 07777U, 0401U);
  EXPECT_EQ(stat_of("file").st_mode & 07777U, 0401U);
}

TEST_F(Setattr, ChangeTimeMovesAndTheRestStays) {
  make_file("file", "x");
  ASSERT_TRUE(set_times(path("file"), {1000, 1}, {2000, 2}));
  const struct stat before = stat_of("file");
  // The kernel's clock for file times is coarse, so the write is repeated until it has ticked.
  EXPECT_TRUE(eventually([&] {
    ::chmod(path("file").c_str(), 0600);
    return !same_time(stat_of("file").st_ctim, before.st_ctim);
  }));
  const struct stat after = stat_of("file");
  EXPECT_TRUE(same_time(after.st_atim, before.st_atim));
  EXPECT_TRUE(same_time(after.st_mtim, before.st_mtim));
}

TEST_F(Setattr, ChownAsRoot) {
  VEXFS_NEEDS_ROOT();
  make_file("file");
  ASSERT_OK(::chown(path("file").c_str(), 1234, 2345));
  EXPECT_EQ(stat_of("file").st_uid, 1234U);
  EXPECT_EQ(stat_of("file").st_gid, 2345U);
  ASSERT_OK(::chown(path("file").c_str(), static_cast<uid_t>(-1), 77));
  EXPECT_EQ(stat_of("file").st_uid, 1234U);
  EXPECT_EQ(stat_of("file").st_gid, 77U);
  ASSERT_OK(::chown(path("file").c_str(), 88, static_cast<gid_t>(-1)));
  EXPECT_EQ(stat_of("file").st_uid, 88U);
  EXPECT_EQ(stat_of("file").st_gid, 77U);
  ASSERT_OK(::symlink("file", path("link").c_str()));
  ASSERT_OK(::lchown(path("link").c_str(), 5, 6));
  EXPECT_EQ(stat_of("link").st_uid, 5U);
  EXPECT_EQ(stat_of("link").st_gid, 6U);
  EXPECT_EQ(stat_of("file").st_uid, 88U);
}

TEST_F(Setattr, ChownByAPlainUser) {
  if (environment().privileged) GTEST_SKIP() << "as a plain user only";
  make_file("file");
  EXPECT_OK(::chown(path("file").c_str(), ::geteuid(), ::getegid()));
  EXPECT_ERRNO(EPERM, ::chown(path("file").c_str(), 0, static_cast<gid_t>(-1)));
  EXPECT_ERRNO(EPERM, ::chown(path("file").c_str(), static_cast<uid_t>(-1), 0));
}

TEST_F(Setattr, TruncateShrinksAndGrowsWithZeros) {
  make_file("file", "0123456789");
  ASSERT_OK(::truncate(path("file").c_str(), 4));
  EXPECT_EQ(read_path(path("file")), "0123");
  ASSERT_OK(::truncate(path("file").c_str(), 8));
  EXPECT_EQ(read_path(path("file")), std::string("0123\0\0\0\0", 8));
  EXPECT_EQ(stat_of("file").st_size, 8);
  EXPECT_ERRNO(EINVAL, ::truncate(path("file").c_str(), -1));
  EXPECT_ERRNO(EISDIR, ::truncate(path().c_str(), 0));
  Fd read_only = open_fd(path("file"), O_RDONLY);
  EXPECT_ERRNO(EINVAL, ::ftruncate(read_only.get(), 0));
}

TEST_F(Setattr, TruncateIsSeenAtOnceByAnotherOpener) {
  Fd writer = create("file", std::string(10000, 'a'));
  Fd reader = open_fd(path("file"), O_RDONLY);
  EXPECT_EQ(read_all(reader.get()).size(), 10000U);
  ASSERT_OK(::ftruncate(writer.get(), 100));
  EXPECT_EQ(stat_fd(reader.get()).st_size, 100);
  EXPECT_EQ(read_all(reader.get()), std::string(100, 'a'));
  ASSERT_OK(::ftruncate(writer.get(), 9000));
  EXPECT_EQ(stat_of("file").st_size, 9000);
  EXPECT_EQ(read_all(reader.get()), std::string(100, 'a') + std::string(8900, '\0'));
}

TEST_F(Setattr, TruncateMovesTheModificationTime) {
  make_file("file", "0123456789");
  ASSERT_TRUE(set_times(path("file"), {1000, 0}, {1000, 0}));
  ASSERT_OK(::truncate(path("file").c_str(), 3));
  EXPECT_GT(stat_of("file").st_mtim.tv_sec, 1000000);
}

TEST_F(Setattr, TruncateOfAReadOnlyFileThatIsOpenForWriting) {
  Fd fd = create("file", "0123456789");
  ASSERT_OK(::fchmod(fd.get(), 0400));
  EXPECT_OK(::ftruncate(fd.get(), 5));  // The descriptor may write, whatever the mode is now.
  EXPECT_EQ(stat_fd(fd.get()).st_size, 5);
  if (!environment().privileged) {
    EXPECT_ERRNO(EACCES, ::truncate(path("file").c_str(), 1));
  }
}

TEST_F(Setattr, TimesToTheNanosecond) {
  make_file("file");
  ASSERT_TRUE(set_times(path("file"), {1234567890, 123456789}, {987654321, 987654321}));
  const struct stat info = stat_of("file");
  EXPECT_TRUE(same_time(info.st_atim, {1234567890, 123456789}));
  EXPECT_TRUE(same_time(info.st_mtim, {987654321, 987654321}));
}

TEST_F(Setattr, TimesBeforeTheEpochAndAfter2038) {
  make_file("file");
  for (const timespec time : {timespec{-1, 500000000}, timespec{-86400, 1}, timespec{0, 0},
                              timespec{2147483647, 999999999}, timespec{4102444800, 7}}) {
    ASSERT_TRUE(set_times(path("file"), time, time));
    EXPECT_TRUE(same_time(stat_of("file").st_atim, time)) << time.tv_sec;
    EXPECT_TRUE(same_time(stat_of("file").st_mtim, time)) << time.tv_sec;
  }
}

TEST_F(Setattr, OmitAndNow) {
  make_file("file");
  ASSERT_TRUE(set_times(path("file"), {1000, 1}, {2000, 2}));
  ASSERT_TRUE(set_times(path("file"), kOmit, {3000, 3}));
  EXPECT_TRUE(same_time(stat_of("file").st_atim, {1000, 1}));
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, {3000, 3}));
  ASSERT_TRUE(set_times(path("file"), {4000, 4}, kOmit));
  EXPECT_TRUE(same_time(stat_of("file").st_atim, {4000, 4}));
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, {3000, 3}));
  timespec before{};
  ASSERT_OK(::clock_gettime(CLOCK_REALTIME_COARSE, &before));
  ASSERT_TRUE(set_times(path("file"), kNow, kOmit));
  EXPECT_GE(stat_of("file").st_atim.tv_sec, before.tv_sec);
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, {3000, 3}));
  ASSERT_TRUE(set_times(path("file"), kOmit, kNow));
  EXPECT_GE(stat_of("file").st_mtim.tv_sec, before.tv_sec);
  ASSERT_TRUE(set_times(path("file"), kOmit, kOmit));
}

TEST_F(Setattr, TimesThroughADescriptorAndOfDirectoriesAndSymlinks) {
  Fd fd = create("file");
  const timespec times[2] = {{11, 12}, {13, 14}};
  ASSERT_OK(::futimens(fd.get(), times));
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, {13, 14}));
  make_dir("dir");
  ASSERT_TRUE(set_times(path("dir"), {21, 22}, {23, 24}));
  EXPECT_TRUE(same_time(stat_of("dir").st_mtim, {23, 24}));
  ASSERT_OK(::symlink("file", path("link").c_str()));
  ASSERT_TRUE(set_times(path("link"), {31, 32}, {33, 34}, AT_SYMLINK_NOFOLLOW));
  EXPECT_TRUE(same_time(stat_of("link").st_mtim, {33, 34}));
  EXPECT_TRUE(same_time(stat_of("file").st_mtim, {13, 14}));
}

TEST_F(Setattr, WritersOfOthersFilesMayOnlySetNow) {
  VEXFS_NEEDS_ROOT();
  make_file("file", "", 0666);
  EXPECT_EQ(
      as_caller({1000, 1000, {}}, [&] { return set_times(path("file"), kNow, kNow) ? 0 : errno; }),
      0);
  EXPECT_EQ(as_caller({1000, 1000, {}},
                      [&] {
                        return set_times(path("file"), {5, 5}, {5, 5}) ? 0 : errno;
                      }),
            EPERM);
  ASSERT_OK(::chmod(path("file").c_str(), 0644));
  EXPECT_EQ(
      as_caller({1000, 1000, {}}, [&] { return set_times(path("file"), kNow, kNow) ? 0 : errno; }),
      EACCES);
}

TEST_F(Setattr, DirectoryTimesFollowItsEntries) {
  make_dir("dir");
  const auto aged = [&] { return set_times(path("dir"), {100, 0}, {100, 0}); };
  const auto moved = [&] { return stat_of("dir").st_mtim.tv_sec > 100; };
  ASSERT_TRUE(aged());
  make_file("dir/a");
  EXPECT_TRUE(moved()) << "create";
  ASSERT_TRUE(aged());
  ASSERT_OK(::rename(path("dir/a").c_str(), path("dir/b").c_str()));
  EXPECT_TRUE(moved()) << "rename";
  ASSERT_TRUE(aged());
  ASSERT_OK(::link(path("dir/b").c_str(), path("dir/c").c_str()));
  EXPECT_TRUE(moved()) << "link";
  ASSERT_TRUE(aged());
  ASSERT_OK(::unlink(path("dir/c").c_str()));
  EXPECT_TRUE(moved()) << "unlink";
}

}  // namespace
}  // namespace vexfs::e2e
