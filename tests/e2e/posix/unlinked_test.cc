// Files and directories that have no name any more but are still held.
#include <dirent.h>
#include <sys/mman.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Unlinked = PosixTest;

TEST_F(Unlinked, AnOpenFileWorksOn) {
  Fd fd = create("file", "0123456789");
  ASSERT_OK(::unlink(path("file").c_str()));
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 0U);
  EXPECT_EQ(stat_fd(fd.get()).st_size, 10);
  EXPECT_EQ(read_all(fd.get()), "0123456789");
  EXPECT_TRUE(write_at(fd.get(), "more", 10));
  EXPECT_EQ(stat_fd(fd.get()).st_size, 14);
  EXPECT_OK(::ftruncate(fd.get(), 3));
  EXPECT_EQ(read_all(fd.get()), "012");
  EXPECT_OK(::fchmod(fd.get(), 0600));
  EXPECT_EQ(stat_fd(fd.get()).st_mode & 07777U, 0600U);
  EXPECT_OK(::fchown(fd.get(), ::geteuid(), ::getegid()));
  const timespec times[2] = {{1, 2}, {3, 4}};
  EXPECT_OK(::futimens(fd.get(), times));
  EXPECT_TRUE(same_time(stat_fd(fd.get()).st_mtim, {3, 4}));
  EXPECT_OK(::fallocate(fd.get(), 0, 0, 8192));
  EXPECT_OK(::fsync(fd.get()));
}

TEST_F(Unlinked, AttributesOfAnOpenFileWorkOn) {
  VEXFS_NEEDS(kUserXattr);
  Fd fd = create("file");
  ASSERT_OK(::fsetxattr(fd.get(), "user.before", "1", 1, 0));
  ASSERT_OK(::unlink(path("file").c_str()));
  char buffer[16] = {};
  EXPECT_EQ(::fgetxattr(fd.get(), "user.before", buffer, sizeof buffer), 1);
  EXPECT_OK(::fsetxattr(fd.get(), "user.after", "22", 2, 0));
  EXPECT_EQ(::fgetxattr(fd.get(), "user.after", buffer, sizeof buffer), 2);
  EXPECT_GT(::flistxattr(fd.get(), nullptr, 0), 0);
  EXPECT_OK(::fremovexattr(fd.get(), "user.after"));
}

TEST_F(Unlinked, ADescriptorOpenForReadingOnly) {
  make_file("file", "content");
  Fd fd = open_fd(path("file"), O_RDONLY);
  ASSERT_OK(::unlink(path("file").c_str()));
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 0U);
  EXPECT_EQ(read_all(fd.get()), "content");
  EXPECT_OK(::fchmod(fd.get(), 0640));
  Fd writer(::open(magic_link(fd.get()).c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_OK(writer.get());
  EXPECT_TRUE(write_at(writer.get(), "CON", 0));
  EXPECT_EQ(read_all(fd.get()), "CONtent");
}

TEST_F(Unlinked, AFileHeldOnlyByAPathDescriptor) {
  make_file("file", "content", 0600);
  Fd fd = open_fd(path("file"), O_PATH);
  ASSERT_OK(::unlink(path("file").c_str()));
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 0U);
  EXPECT_EQ(stat_fd(fd.get()).st_size, 7);
  EXPECT_EQ(read_path(magic_link(fd.get())), "content");
  EXPECT_OK(::chmod(magic_link(fd.get()).c_str(), 0640));
  EXPECT_EQ(stat_fd(fd.get()).st_mode & 07777U, 0640U);
  EXPECT_OK(::truncate(magic_link(fd.get()).c_str(), 3));
  EXPECT_EQ(read_path(magic_link(fd.get())), "con");
}

TEST_F(Unlinked, AFileReplacedByRenameHeldByAPathDescriptor) {
  make_file("file", "old");
  make_file("new", "new");
  Fd fd = open_fd(path("file"), O_PATH);
  ASSERT_OK(::rename(path("new").c_str(), path("file").c_str()));
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 0U);
  EXPECT_EQ(read_path(magic_link(fd.get())), "old");
}

TEST_F(Unlinked, OneOfTwoNames) {
  Fd fd = create("one", "content");
  ASSERT_OK(::link(path("one").c_str(), path("two").c_str()));
  ASSERT_OK(::unlink(path("one").c_str()));
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 1U);
  EXPECT_TRUE(write_at(fd.get(), "CON", 0));
  EXPECT_EQ(read_path(path("two")), "CONtent");
}

TEST_F(Unlinked, TheNameIsFreeForANewFile) {
  Fd old = create("file", "old");
  ASSERT_OK(::unlink(path("file").c_str()));
  Fd fresh = create("file", "fresh");
  EXPECT_NE(stat_fd(old.get()).st_ino, stat_fd(fresh.get()).st_ino);
  EXPECT_EQ(read_all(old.get()), "old");
  EXPECT_EQ(read_path(path("file")), "fresh");
}

TEST_F(Unlinked, ManyRoundsOfTheSameName) {
  for (int round = 0; round < 100; ++round) {
    Fd fd = create("file", std::to_string(round));
    ASSERT_OK(::unlink(path("file").c_str()));
    ASSERT_EQ(read_all(fd.get()), std::to_string(round));
    ASSERT_EQ(stat_fd(fd.get()).st_nlink, 0U);
  }
}

TEST_F(Unlinked, AMappedFile) {
  Fd fd = create("file", std::string(4096, 'm'));
  void* map = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  ASSERT_NE(map, MAP_FAILED);
  fd.reset();
  ASSERT_OK(::unlink(path("file").c_str()));
  char* bytes = static_cast<char*>(map);
  EXPECT_EQ(bytes[100], 'm');
  bytes[100] = 'n';
  EXPECT_OK(::msync(map, 4096, MS_SYNC));
  EXPECT_EQ(bytes[100], 'n');
  EXPECT_OK(::munmap(map, 4096));
}

TEST_F(Unlinked, ARemovedWorkingDirectory) {
  make_dir("dir");
  EXPECT_EQ(in_child([&] {
              if (::chdir(path("dir").c_str()) != 0 || ::rmdir(path("dir").c_str()) != 0) return 1;
              struct stat info {};
              if (::stat(".", &info) != 0) return 2;
              if (error_of(::open("new", O_CREAT | O_RDWR, 0600)) != ENOENT) return 3;
              if (error_of(::mkdir("new", 0700)) != ENOENT) return 4;
              char name[4096];
              errno = 0;
              if (::getcwd(name, sizeof name) != nullptr || errno != ENOENT) return 5;
              return ::chdir("..") == 0 ? 0 : 6;
            }),
            0);
}

TEST_F(Unlinked, ARemovedDirectoryThatIsOpen) {
  make_dir("dir");
  Fd fd = dir_fd("dir");
  ASSERT_OK(::rmdir(path("dir").c_str()));
  EXPECT_TRUE(S_ISDIR(stat_fd(fd.get()).st_mode));
  EXPECT_ERRNO(ENOENT, ::openat(fd.get(), "new", O_CREAT | O_RDWR, 0600));
  EXPECT_ERRNO(ENOENT, ::symlinkat("x", fd.get(), "new"));
  struct stat info {};
  EXPECT_ERRNO(ENOENT, ::fstatat(fd.get(), "anything", &info, 0));
  // A directory of the same name is another one.
  make_dir("dir");
  EXPECT_ERRNO(ENOENT, ::mkdirat(fd.get(), "new", 0700));
}

}  // namespace
}  // namespace vexfs::e2e
