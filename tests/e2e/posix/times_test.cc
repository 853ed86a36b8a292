// Access times move when those of the backing filesystem would, and not with O_NOATIME.
#include <dirent.h>
#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

constexpr time_t kOldAccess = 1000;
constexpr time_t kOldChange = 2000;  // Later than the access, so that relatime updates it.

class AccessTime : public PosixTest {
 protected:
  // Whether `use` moves the access time of `full_path`, whose times were old and just read.
  static bool moves(const std::string& full_path, const std::function<void()>& use) {
    const timespec times[2] = {{kOldAccess, 0}, {kOldChange, 0}};
    EXPECT_OK(::utimensat(AT_FDCWD, full_path.c_str(), times, AT_SYMLINK_NOFOLLOW));
    EXPECT_EQ(stat_path(full_path).st_atim.tv_sec, kOldAccess);
    use();
    return stat_path(full_path).st_atim.tv_sec != kOldAccess;
  }
  void make_both(std::string_view name) const {
    make_file(name, "content");
    const Fd control = open_fd(reference(name), O_CREAT | O_RDWR);
    EXPECT_TRUE(write_at(control.get(), "content", 0));
  }
};

void read_with(const std::string& name, int flags) {
  const Fd fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC | flags));
  EXPECT_OK(fd.get());
  char byte = 0;
  EXPECT_EQ(::read(fd.get(), &byte, 1), 1);
}

TEST_F(AccessTime, Reading) {
  make_both("file");
  const bool expected = moves(reference("file"), [&] { read_with(reference("file"), 0); });
  EXPECT_EQ(moves(path("file"), [&] { read_with(path("file"), 0); }), expected);
}

TEST_F(AccessTime, ReadingCachedData) {
  make_both("file");
  read_with(path("file"), 0);
  const bool expected = moves(reference("file"), [&] { read_with(reference("file"), 0); });
  const bool seen = moves(path("file"), [&] { read_with(path("file"), 0); });
  if (on_fuse() && expected && !seen) {
    GTEST_SKIP() << "without passthrough the kernel's FUSE reads its own cache, and keeps no times";
  }
  EXPECT_EQ(seen, expected);
}

TEST_F(AccessTime, ReadingThroughAMapping) {
  make_both("file");
  const auto map = [](const std::string& name) {
    const Fd fd(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
    void* bytes = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd.get(), 0);
    ASSERT_NE(bytes, MAP_FAILED);
    EXPECT_EQ(*static_cast<volatile char*>(bytes), 'c');
    EXPECT_OK(::munmap(bytes, 4096));
  };
  const bool expected = moves(reference("file"), [&] { map(reference("file")); });
  EXPECT_EQ(moves(path("file"), [&] { map(path("file")); }), expected);
}

TEST_F(AccessTime, ListingADirectory) {
  make_dir("dir");
  make_file("dir/file");
  ASSERT_OK(::mkdir(reference("dir").c_str(), 0755));
  const auto list = [](const std::string& name) {
    DIR* dir = ::opendir(name.c_str());
    ASSERT_NE(dir, nullptr);
    while (::readdir(dir) != nullptr) {
    }
    EXPECT_OK(::closedir(dir));
  };
  const bool expected = moves(reference("dir"), [&] { list(reference("dir")); });
  EXPECT_EQ(moves(path("dir"), [&] { list(path("dir")); }), expected);
}

TEST_F(AccessTime, ReadingASymlink) {
  ASSERT_OK(::symlink("target", path("link").c_str()));
  ASSERT_OK(::symlink("target", reference("link").c_str()));
  const auto read_link = [](const std::string& name) {
    char target[16];
    EXPECT_EQ(::readlink(name.c_str(), target, sizeof target), 6);
  };
  const bool expected = moves(reference("link"), [&] { read_link(reference("link")); });
  EXPECT_EQ(moves(path("link"), [&] { read_link(path("link")); }), expected);
}

TEST_F(AccessTime, NewerThanTheChangeItStays) {
  make_both("file");
  const auto read_recent = [](const std::string& name) {
    timespec now{};
    EXPECT_OK(::clock_gettime(CLOCK_REALTIME, &now));
    const timespec recent{now.tv_sec - 60, 0};
    const timespec times[2] = {recent, {kOldChange, 0}};
    // relatime also compares with the change time, which is now. Only that both sides agree counts.
    EXPECT_OK(::utimensat(AT_FDCWD, name.c_str(), times, 0));
    read_with(name, 0);
    return same_time(stat_path(name).st_atim, recent);
  };
  const bool expected = read_recent(reference("file"));
  EXPECT_EQ(read_recent(path("file")), expected);
}

TEST_F(AccessTime, NoAtimeLeavesIt) {
  make_file("file", "content");
  EXPECT_FALSE(moves(path("file"), [&] { read_with(path("file"), O_NOATIME); }));
}

TEST_F(AccessTime, NoAtimeTurnedOnLaterLeavesIt) {
  if (on_fuse()) GTEST_SKIP() << "the kernel's FUSE tells a server nothing of F_SETFL";
  make_file("file", "content");
  const bool moved = moves(path("file"), [&] {
    const Fd fd = open_fd(path("file"), O_RDONLY);
    EXPECT_OK(::fcntl(fd.get(), F_SETFL, O_NOATIME));
    char byte = 0;
    EXPECT_EQ(::read(fd.get(), &byte, 1), 1);
  });
  EXPECT_FALSE(moved);
}

TEST_F(AccessTime, NoAtimeIsForTheOwner) {
  VEXFS_NEEDS_ROOT();
  make_file("file", "content", 0644);
  const auto open_as_other = [&] {
    return as_caller({1000, 1000, {}},
                     [&] { return error_of(::open(path("file").c_str(), O_RDONLY | O_NOATIME)); });
  };
  EXPECT_EQ(open_as_other(), EPERM);
  ASSERT_OK(::chown(path("file").c_str(), 1000, 1000));
  EXPECT_EQ(open_as_other(), 0);
}

TEST_F(AccessTime, WritingLeavesIt) {
  make_file("file", "content");
  const bool moved = moves(path("file"), [&] {
    const Fd fd = open_fd(path("file"), O_WRONLY);
    EXPECT_TRUE(write_at(fd.get(), "x", 0));
  });
  EXPECT_FALSE(moved);
}

}  // namespace
}  // namespace vexfs::e2e
