// Other interfaces of the kernel that stand on files: inotify, poll, file handles, getcwd, and the
// rarer flags of rename and of the attribute ioctls.
#include <linux/fs.h>
#include <poll.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstring>
#include <string>
#include <vector>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

using Interfaces = PosixTest;

// The masks of all events that wait.
std::vector<uint32_t> events_of(int watcher) {
  std::vector<uint32_t> masks;
  std::array<char, 4096> buffer;
  ssize_t bytes = 0;
  while ((bytes = ::read(watcher, buffer.data(), buffer.size())) > 0) {
    for (size_t at = 0; at < static_cast<size_t>(bytes);) {
      inotify_event event{};
      std::memcpy(&event, &buffer[at], sizeof event);
      masks.push_back(event.mask);
      at += sizeof event + event.len;
    }
  }
  return masks;
}

TEST_F(Interfaces, InotifySeesEachChange) {
  Fd watcher(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  ASSERT_OK(::inotify_add_watch(
      watcher.get(), path().c_str(),
      IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_ATTRIB));
  Fd fd = open_fd(path("file"), O_CREAT | O_RDWR);
  EXPECT_EQ(events_of(watcher.get()), std::vector<uint32_t>{IN_CREATE});
  ASSERT_EQ(::write(fd.get(), "x", 1), 1);
  EXPECT_EQ(events_of(watcher.get()), std::vector<uint32_t>{IN_MODIFY});
  ASSERT_OK(::fchmod(fd.get(), 0600));
  EXPECT_EQ(events_of(watcher.get()), std::vector<uint32_t>{IN_ATTRIB});
  ASSERT_OK(::rename(path("file").c_str(), path("moved").c_str()));
  EXPECT_EQ(events_of(watcher.get()), (std::vector<uint32_t>{IN_MOVED_FROM, IN_MOVED_TO}));
  ASSERT_OK(::mkdir(path("dir").c_str(), 0755));
  EXPECT_EQ(events_of(watcher.get()), std::vector<uint32_t>{IN_CREATE | IN_ISDIR});
  fd.reset();
  ASSERT_OK(::unlink(path("moved").c_str()));
  const auto after_unlink = events_of(watcher.get());
  ASSERT_FALSE(after_unlink.empty());
  EXPECT_EQ(after_unlink.back(), uint32_t{IN_DELETE});
}

TEST_F(Interfaces, FilesAreAlwaysReadyToPoll) {
  Fd fd = create("file", "content");
  pollfd ready{fd.get(), POLLIN | POLLOUT, 0};
  ASSERT_EQ(::poll(&ready, 1, 0), 1);
  EXPECT_EQ(ready.revents, POLLIN | POLLOUT);
}

// A handle with room for the largest there is.
struct Handle {
  file_handle header;
  std::array<unsigned char, MAX_HANDLE_SZ> bytes;
};

int handle_of(const std::string& name, Handle& handle) {
  handle.header.handle_bytes = MAX_HANDLE_SZ;
  int mount_id = 0;
  return ::name_to_handle_at(AT_FDCWD, name.c_str(), &handle.header, &mount_id, 0);
}

TEST_F(Interfaces, FileHandlesThatAreGivenLeadToTheFile) {
  VEXFS_NEEDS_ROOT();
  Handle handle{};
  Fd control = open_fd(reference("file"), O_CREAT | O_RDWR);
  if (handle_of(reference("file"), handle) != 0) GTEST_SKIP() << "the backing has no handles";
  make_file("file", "content");
  if (handle_of(path("file"), handle) != 0) {
    // A mount gives out none rather than some that die when the kernel forgets the file.
    EXPECT_EQ(errno, EOPNOTSUPP);
    return;
  }
  Fd dir = dir_fd();
  ASSERT_OK(::rename(path("file").c_str(), path("moved").c_str()));
  Fd fd(::open_by_handle_at(dir.get(), &handle.header, O_RDONLY | O_CLOEXEC));
  ASSERT_OK(fd.get());
  EXPECT_EQ(read_all(fd.get()), "content");
}

TEST_F(Interfaces, TheWorkingDirectoryIsNamedWhereItWent) {
  make_dir("dir");
  EXPECT_EQ(in_child([&] {
              if (::chdir(path("dir").c_str()) != 0) return errno;
              if (::rename(path("dir").c_str(), path("moved").c_str()) != 0) return errno;
              char name[PATH_MAX];
              if (::getcwd(name, sizeof name) == nullptr) return errno;
              return std::string(name).ends_with("/moved") ? 0 : 200;
            }),
            0);
}

TEST_F(Interfaces, WhiteoutsAsOnTheBacking) {
  VEXFS_NEEDS_ROOT();
  const auto whiteout = [](const std::string& from, const std::string& to) {
    Fd fd(::open(from.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
    return error_of(::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_WHITEOUT));
  };
  const int expected = whiteout(reference("from"), reference("to"));
  EXPECT_EQ(whiteout(path("from"), path("to")), expected);
  if (expected != 0) return;
  EXPECT_TRUE(S_ISCHR(stat_of("from").st_mode));
  EXPECT_EQ(stat_of("from").st_rdev, makedev(0, 0));
  EXPECT_TRUE(S_ISREG(stat_of("to").st_mode));
}

TEST_F(Interfaces, ExtendedInodeFlagsAsOnTheBacking) {
  Fd control = open_fd(reference("file"), O_CREAT | O_RDWR);
  Fd fd = create("file");
  fsxattr expected{};
  fsxattr seen{};
  const int error = error_of(::ioctl(control.get(), FS_IOC_FSGETXATTR, &expected));
  EXPECT_EQ(error_of(::ioctl(fd.get(), FS_IOC_FSGETXATTR, &seen)), error);
  EXPECT_EQ(seen.fsx_xflags, expected.fsx_xflags);
  EXPECT_EQ(seen.fsx_projid, expected.fsx_projid);
}

TEST_F(Interfaces, UnknownIoctlsAreRefused) {
  Fd fd = create("file");
  int value = 0;
  EXPECT_ERRNO(ENOTTY, ::ioctl(fd.get(), _IOR('V', 77, int), &value));
  EXPECT_ERRNO(ENOTTY, ::ioctl(dir_fd().get(), _IOR('V', 77, int), &value));
}

}  // namespace
}  // namespace vexfs::e2e
