// Making and removing: mkdir, mknod, symlink, readlink, unlink, rmdir.
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstring>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Nodes = PosixTest;

std::string target_of(const std::string& name) {
  std::array<char, PATH_MAX + 1> buffer;
  const ssize_t size = ::readlink(name.c_str(), buffer.data(), buffer.size());
  EXPECT_OK(size);
  return size < 0 ? std::string() : std::string(buffer.data(), static_cast<size_t>(size));
}

TEST_F(Nodes, MkdirAndItsErrors) {
  ASSERT_OK(::mkdir(path("dir").c_str(), 0755));
  EXPECT_TRUE(S_ISDIR(stat_of("dir").st_mode));
  EXPECT_ERRNO(EEXIST, ::mkdir(path("dir").c_str(), 0755));
  make_file("file");
  EXPECT_ERRNO(EEXIST, ::mkdir(path("file").c_str(), 0755));
  EXPECT_ERRNO(ENOENT, ::mkdir(path("missing/dir").c_str(), 0755));
  EXPECT_ERRNO(ENOTDIR, ::mkdir(path("file/dir").c_str(), 0755));
}

TEST_F(Nodes, UmaskMasksEveryKindOfNode) {
  const mode_t saved = ::umask(027);
  EXPECT_OK(::mkdir(path("dir").c_str(), 0777));
  Fd fd = open_fd(path("file"), O_RDWR | O_CREAT, 0666);
  EXPECT_OK(::mkfifo(path("fifo").c_str(), 0666));
  EXPECT_OK(::mknod(path("node").c_str(), S_IFREG | 0666, 0));
  ::umask(0);
  EXPECT_OK(::mkdir(path("open_dir").c_str(), 0777));
  Fd open_file = open_fd(path("open_file"), O_RDWR | O_CREAT, 0666);
  ::umask(saved);
  EXPECT_EQ(stat_of("dir").st_mode & 07777U, 0750U);
  EXPECT_EQ(stat_of("file").st_mode & 07777U, 0640U);
  EXPECT_EQ(stat_of("fifo").st_mode & 07777U, 0640U);
  EXPECT_EQ(stat_of("node").st_mode & 07777U, 0640U);
  EXPECT_EQ(stat_of("open_dir").st_mode & 07777U, 0777U);
  EXPECT_EQ(stat_of("open_file").st_mode & 07777U, 0666U);
}

TEST_F(Nodes, MknodMakesPlainFiles) {
  ASSERT_OK(::mknod(path("file").c_str(), S_IFREG | 0600, 0));
  EXPECT_TRUE(S_ISREG(stat_of("file").st_mode));
  EXPECT_ERRNO(EEXIST, ::mknod(path("file").c_str(), S_IFREG | 0600, 0));
}

TEST_F(Nodes, FifoCarriesData) {
  ASSERT_OK(::mkfifo(path("fifo").c_str(), 0600));
  EXPECT_TRUE(S_ISFIFO(stat_of("fifo").st_mode));
  Child writer([&] {
    const Fd fd(::open(path("fifo").c_str(), O_WRONLY | O_CLOEXEC));
    return ::write(fd.get(), "through", 7) == 7 ? 0 : errno;
  });
  Fd reader = open_fd(path("fifo"), O_RDONLY);
  EXPECT_EQ(writer.wait(), 0);
  char buffer[16] = {};
  EXPECT_EQ(::read(reader.get(), buffer, sizeof buffer), 7);
  EXPECT_STREQ(buffer, "through");
}

TEST_F(Nodes, AWaiterOnAFifoCanBeKilled) {
  ASSERT_OK(::mkfifo(path("fifo").c_str(), 0600));
  Child reader([&] { return error_of(::open(path("fifo").c_str(), O_RDONLY)); });
  ASSERT_TRUE(reader.sleeps_within(10000));
  reader.kill();
  EXPECT_TRUE(reader.exited_within(10000));
}

TEST_F(Nodes, UnixSocketsBindAndConnect) {
  Fd dir = dir_fd();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string short_name = magic_link(dir.get()) + "/socket";
  ASSERT_LT(short_name.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, short_name.c_str(), short_name.size() + 1);
  const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  Fd server(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_OK(::bind(server.get(), generic, sizeof address));
  ASSERT_OK(::listen(server.get(), 1));
  EXPECT_TRUE(S_ISSOCK(stat_of("socket").st_mode));
  Fd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_OK(::connect(client.get(), generic, sizeof address));
  EXPECT_ERRNO(EADDRINUSE,
               ::bind(Fd(::socket(AF_UNIX, SOCK_STREAM, 0)).get(), generic, sizeof address));
  EXPECT_OK(::unlink(path("socket").c_str()));
}

TEST_F(Nodes, DeviceNodes) {
  if (environment().privileged) {
    ASSERT_OK(::mknod(path("null").c_str(), S_IFCHR | 0600, makedev(1, 3)));
    ASSERT_OK(::mknod(path("block").c_str(), S_IFBLK | 0600, makedev(7, 250)));
    EXPECT_TRUE(S_ISCHR(stat_of("null").st_mode));
    EXPECT_EQ(stat_of("null").st_rdev, makedev(1, 3));
    EXPECT_TRUE(S_ISBLK(stat_of("block").st_mode));
    EXPECT_EQ(stat_of("block").st_rdev, makedev(7, 250));
    ASSERT_OK(::mknod(path("large").c_str(), S_IFCHR | 0600, makedev(300, 70000)));
    EXPECT_EQ(stat_of("large").st_rdev, makedev(300, 70000));
  } else {
    EXPECT_ERRNO(EPERM, ::mknod(path("null").c_str(), S_IFCHR | 0600, makedev(1, 3)));
  }
}

TEST_F(Nodes, SymlinksOfEveryLength) {
  for (const size_t length : {1UL, 59UL, 60UL, 255UL, 256UL, 1000UL, 4000UL, 4095UL}) {
    // ext4 with 4 KiB blocks takes 4,095 bytes; where the backing takes fewer, so does the mount.
    const std::string target(length, 't');
    const std::string name = "link" + std::to_string(length);
    const int expected = error_of(::symlink(target.c_str(), reference(name).c_str()));
    ASSERT_EQ(error_of(::symlink(target.c_str(), path(name).c_str())), expected) << length;
    if (expected != 0) continue;
    EXPECT_EQ(stat_of(name).st_size, static_cast<off_t>(length));
    EXPECT_EQ(target_of(path(name)), target);
  }
  EXPECT_ERRNO(ENAMETOOLONG, ::symlink(std::string(4096, 't').c_str(), path("over").c_str()));
}

TEST_F(Nodes, SymlinksResolve) {
  make_dir("dir");
  make_file("dir/file", "content");
  ASSERT_OK(::symlink("dir/file", path("relative").c_str()));
  ASSERT_OK(::symlink(path("dir").c_str(), path("absolute").c_str()));
  ASSERT_OK(::symlink("nowhere", path("dangling").c_str()));
  EXPECT_EQ(read_path(path("relative")), "content");
  EXPECT_EQ(read_path(path("absolute/file")), "content");
  EXPECT_ERRNO(ENOENT, ::open(path("dangling").c_str(), O_RDONLY));
  EXPECT_EQ(target_of(path("dangling")), "nowhere");
  char small[4] = {};
  EXPECT_EQ(::readlink(path("relative").c_str(), small, sizeof small), 4);
  EXPECT_EQ(std::string(small, 4), "dir/");
  EXPECT_ERRNO(EEXIST, ::symlink("x", path("relative").c_str()));
  EXPECT_ERRNO(EINVAL, ::readlink(path("dir").c_str(), small, sizeof small));
}

TEST_F(Nodes, UnlinkAndItsErrors) {
  make_file("file");
  make_dir("dir");
  ASSERT_OK(::unlink(path("file").c_str()));
  EXPECT_ERRNO(ENOENT, ::unlink(path("file").c_str()));
  EXPECT_ERRNO(EISDIR, ::unlink(path("dir").c_str()));
}

TEST_F(Nodes, RmdirAndItsErrors) {
  make_dir("dir");
  make_file("dir/file");
  EXPECT_ERRNO(ENOTEMPTY, ::rmdir(path("dir").c_str()));
  EXPECT_ERRNO(ENOTDIR, ::rmdir(path("dir/file").c_str()));
  EXPECT_ERRNO(EINVAL, ::rmdir(path("dir/.").c_str()));
  EXPECT_ERRNO(ENOTEMPTY, ::rmdir(path("dir/..").c_str()));
  EXPECT_ERRNO(ENOENT, ::rmdir(path("missing").c_str()));
  ASSERT_OK(::unlink(path("dir/file").c_str()));
  EXPECT_OK(::rmdir(path("dir").c_str()));
  EXPECT_FALSE(exists("dir"));
}

TEST_F(Nodes, WritePermissionOnTheDirectoryIsNeeded) {
  if (environment().privileged) GTEST_SKIP() << "root passes";
  make_dir("dir");
  make_file("dir/file");
  ASSERT_OK(::chmod(path("dir").c_str(), 0500));
  EXPECT_ERRNO(EACCES, ::unlink(path("dir/file").c_str()));
  EXPECT_ERRNO(EACCES, ::mkdir(path("dir/new").c_str(), 0755));
  EXPECT_ERRNO(EACCES, ::symlink("x", path("dir/new").c_str()));
  EXPECT_ERRNO(EACCES, ::mkfifo(path("dir/new").c_str(), 0600));
  EXPECT_ERRNO(EACCES, ::open(path("dir/new").c_str(), O_CREAT | O_WRONLY, 0600));
  EXPECT_ERRNO(EACCES, ::rename(path("dir/file").c_str(), path("out").c_str()));
  ASSERT_OK(::chmod(path("dir").c_str(), 0700));
}

}  // namespace
}  // namespace vexfs::e2e
