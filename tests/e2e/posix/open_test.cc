// Open and create: every flag that changes what open does.
#include <stdlib.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>

#include "tests/e2e/support/posix_test.h"

namespace vexfs::e2e {
namespace {

using Open = PosixTest;

TEST_F(Open, CreateAndExclusive) {
  Fd fd = open_fd(path("file"), O_CREAT | O_EXCL | O_RDWR, 0600);
  EXPECT_ERRNO(EEXIST, ::open(path("file").c_str(), O_CREAT | O_EXCL | O_RDWR, 0600));
  EXPECT_TRUE(open_fd(path("file"), O_CREAT | O_RDWR, 0600).valid());
  ASSERT_OK(::symlink("elsewhere", path("link").c_str()));
  EXPECT_ERRNO(EEXIST, ::open(path("link").c_str(), O_CREAT | O_EXCL | O_RDWR, 0600));
  EXPECT_FALSE(exists("elsewhere"));
  Fd through = open_fd(path("link"), O_CREAT | O_RDWR, 0600);
  EXPECT_TRUE(exists("elsewhere"));
}

TEST_F(Open, AFileMadeWithoutPermissionsIsWritableByItsMaker) {
  for (const mode_t mode : {0U, 0400U, 0200U}) {
    const std::string name = "file" + std::to_string(mode);
    Fd fd = open_fd(path(name), O_CREAT | O_RDWR, mode);
    EXPECT_EQ(stat_of(name).st_mode & 07777U, mode);
    EXPECT_TRUE(write_at(fd.get(), "data", 0));
    EXPECT_EQ(read_all(fd.get()), "data");
  }
}

TEST_F(Open, TruncateOnOpen) {
  Fd other = create("file", "content");
  Fd fd = open_fd(path("file"), O_WRONLY | O_TRUNC);
  EXPECT_EQ(stat_fd(fd.get()).st_size, 0);
  EXPECT_EQ(stat_fd(other.get()).st_size, 0);
  EXPECT_EQ(read_all(other.get()), "");
  EXPECT_TRUE(write_at(fd.get(), "x", 0));
  Fd again = open_fd(path("file"), O_CREAT | O_TRUNC | O_RDWR);
  EXPECT_EQ(stat_of("file").st_size, 0);
}

TEST_F(Open, AccessModesBind) {
  make_file("file", "content");
  char byte = 0;
  Fd reader = open_fd(path("file"), O_RDONLY);
  EXPECT_ERRNO(EBADF, ::write(reader.get(), "x", 1));
  Fd writer = open_fd(path("file"), O_WRONLY);
  EXPECT_ERRNO(EBADF, ::read(writer.get(), &byte, 1));
  EXPECT_EQ(::write(writer.get(), "C", 1), 1);
  EXPECT_EQ(read_path(path("file")), "Content");
}

TEST_F(Open, PartialWritesThroughAWriteOnlyDescriptorKeepTheRest) {
  make_file("file", std::string(10000, 'a'));
  Fd writer = open_fd(path("file"), O_WRONLY);
  EXPECT_TRUE(write_at(writer.get(), "B", 5000));
  const std::string content = read_path(path("file"));
  EXPECT_EQ(content.size(), 10000U);
  EXPECT_EQ(content.substr(4999, 3), "aBa");
}

TEST_F(Open, PermissionBitsAreChecked) {
  if (environment().privileged) GTEST_SKIP() << "root passes";
  make_file("file", "x", 0400);
  EXPECT_ERRNO(EACCES, ::open(path("file").c_str(), O_WRONLY));
  EXPECT_ERRNO(EACCES, ::open(path("file").c_str(), O_RDONLY | O_TRUNC));
  ASSERT_OK(::chmod(path("file").c_str(), 0200));
  EXPECT_ERRNO(EACCES, ::open(path("file").c_str(), O_RDONLY));
  EXPECT_TRUE(open_fd(path("file"), O_WRONLY).valid());
  EXPECT_EQ(stat_of("file").st_size, 1);
}

TEST_F(Open, NoFollowAndDirectory) {
  make_file("file");
  make_dir("dir");
  ASSERT_OK(::symlink("file", path("link").c_str()));
  ASSERT_OK(::symlink("dir", path("dirlink").c_str()));
  EXPECT_ERRNO(ELOOP, ::open(path("link").c_str(), O_RDONLY | O_NOFOLLOW));
  EXPECT_ERRNO(ENOTDIR, ::open(path("file").c_str(), O_RDONLY | O_DIRECTORY));
  EXPECT_ERRNO(ENOTDIR, ::open(path("dirlink").c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  EXPECT_TRUE(open_fd(path("dirlink"), O_RDONLY | O_DIRECTORY).valid());
  EXPECT_ERRNO(EISDIR, ::open(path("dir").c_str(), O_RDWR));
  EXPECT_ERRNO(EISDIR, ::open(path("dir").c_str(), O_CREAT | O_RDONLY, 0600));
  char byte = 0;
  EXPECT_ERRNO(EISDIR, ::read(dir_fd("dir").get(), &byte, 1));
}

TEST_F(Open, DirectIo) {
  VEXFS_NEEDS(kDirectIo);
  constexpr size_t kBlock = 4096;
  void* memory = nullptr;
  ASSERT_EQ(::posix_memalign(&memory, kBlock, 2 * kBlock), 0);
  const std::unique_ptr<void, decltype(&std::free)> buffer(memory, &std::free);
  std::memset(memory, 'd', 2 * kBlock);
  make_file("file");
  Fd direct = open_fd(path("file"), O_RDWR | O_DIRECT);
  ASSERT_EQ(::pwrite(direct.get(), memory, 2 * kBlock, 0), static_cast<ssize_t>(2 * kBlock));
  EXPECT_EQ(stat_of("file").st_size, static_cast<off_t>(2 * kBlock));
  EXPECT_EQ(read_path(path("file")), std::string(2 * kBlock, 'd'));
  // A buffered write is what a direct read then sees, and the other way round.
  Fd buffered = open_fd(path("file"), O_RDWR);
  ASSERT_TRUE(write_at(buffered.get(), std::string(kBlock, 'b'), kBlock));
  ASSERT_EQ(::pread(direct.get(), memory, kBlock, kBlock), static_cast<ssize_t>(kBlock));
  EXPECT_EQ(std::string(static_cast<char*>(memory), kBlock), std::string(kBlock, 'b'));
  std::memset(memory, 'e', kBlock);
  ASSERT_EQ(::pwrite(direct.get(), memory, kBlock, 0), static_cast<ssize_t>(kBlock));
  EXPECT_EQ(read_all(buffered.get()).substr(0, kBlock), std::string(kBlock, 'e'));
}

TEST_F(Open, PathDescriptors) {
  make_file("file", "content", 0600);
  Fd fd = open_fd(path("file"), O_PATH);
  char byte = 0;
  EXPECT_ERRNO(EBADF, ::read(fd.get(), &byte, 1));
  EXPECT_ERRNO(EBADF, ::fchmod(fd.get(), 0644));
  EXPECT_EQ(stat_fd(fd.get()).st_size, 7);
  EXPECT_EQ(read_path(magic_link(fd.get())), "content");
  ASSERT_OK(::symlink("file", path("link").c_str()));
  Fd link = open_fd(path("link"), O_PATH | O_NOFOLLOW);
  EXPECT_TRUE(S_ISLNK(stat_fd(link.get()).st_mode));
  char target[8] = {};
  EXPECT_EQ(::readlinkat(link.get(), "", target, sizeof target), 4);
  Fd dir = open_fd(path(), O_PATH | O_DIRECTORY);
  struct stat info {};
  EXPECT_OK(::fstatat(dir.get(), "file", &info, 0));
  EXPECT_EQ(info.st_size, 7);
}

TEST_F(Open, TemporaryFilesHaveNoNameUntilLinked) {
  VEXFS_NEEDS(kTmpfile);
  const mode_t saved = ::umask(026);
  Fd fd = open_fd(path(), O_TMPFILE | O_RDWR, 0666);
  ::umask(saved);
  ASSERT_TRUE(fd.valid());
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 0U);
  EXPECT_EQ(stat_fd(fd.get()).st_mode & 07777U, 0640U);
  EXPECT_TRUE(write_at(fd.get(), "anonymous", 0));
  EXPECT_EQ(read_all(fd.get()), "anonymous");
  ASSERT_OK(::linkat(AT_FDCWD, magic_link(fd.get()).c_str(), AT_FDCWD, path("named").c_str(),
                     AT_SYMLINK_FOLLOW));
  EXPECT_EQ(stat_fd(fd.get()).st_nlink, 1U);
  EXPECT_EQ(stat_of("named").st_ino, stat_fd(fd.get()).st_ino);
  EXPECT_EQ(read_path(path("named")), "anonymous");
  EXPECT_TRUE(write_at(fd.get(), "ANON", 0));
  EXPECT_EQ(read_path(path("named")), "ANONymous");
}

TEST_F(Open, ExclusiveTemporaryFilesCannotBeLinked) {
  VEXFS_NEEDS(kTmpfile);
  Fd fd = open_fd(path(), O_TMPFILE | O_EXCL | O_RDWR, 0600);
  ASSERT_TRUE(fd.valid());
  EXPECT_ERRNO(ENOENT, ::linkat(AT_FDCWD, magic_link(fd.get()).c_str(), AT_FDCWD,
                                path("named").c_str(), AT_SYMLINK_FOLLOW));
}

TEST_F(Open, OpenByMagicLinkAfterRename) {
  Fd fd = create("file", "content");
  ASSERT_OK(::rename(path("file").c_str(), path("moved").c_str()));
  Fd again = open_fd(magic_link(fd.get()), O_RDWR);
  EXPECT_EQ(read_all(again.get()), "content");
}

TEST_F(Open, SynchronousFlagsAreAccepted) {
  for (const int flag : {O_SYNC, O_DSYNC}) {
    Fd fd = open_fd(path("file"), O_CREAT | O_RDWR | flag);
    EXPECT_TRUE(write_at(fd.get(), "synced", 0));
    EXPECT_EQ(read_all(fd.get()), "synced");
  }
}

}  // namespace
}  // namespace vexfs::e2e
