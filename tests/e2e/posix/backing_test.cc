// Both sides of a mount: what is done through it is there behind it at once, and what is done
// behind it is seen through it within the timeouts. All of it needs VEXFS_BACKING_DIR.
#include <dirent.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

class Behind : public PosixTest {
 protected:
  void SetUp() override {
    PosixTest::SetUp();
    VEXFS_NEEDS_BACKING();
  }
  void make_behind(std::string_view name, std::string_view content) const {
    const Fd fd = open_fd(backing(name), O_CREAT | O_EXCL | O_RDWR);
    EXPECT_TRUE(write_at(fd.get(), content, 0));
  }
  // The content that a new open of the file finds; a marker while there is no such file.
  std::string content_of(std::string_view name) const {
    const Fd fd(::open(path(name).c_str(), O_RDONLY | O_CLOEXEC));
    return fd.valid() ? read_all(fd.get()) : "<none>";
  }
};

std::map<std::string, ino_t> list(const std::string& name) {
  std::map<std::string, ino_t> entries;
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(::opendir(name.c_str()), &::closedir);
  while (const dirent* entry = dir == nullptr ? nullptr : ::readdir(dir.get())) {
    entries.emplace(entry->d_name, entry->d_ino);
  }
  return entries;
}

TEST_F(Behind, WhatIsMadeThroughTheMount) {
  Fd fd = create("file", std::string(200000, 'c'), 0640);
  make_dir("dir");
  ASSERT_OK(::symlink("target", path("link").c_str()));
  ASSERT_OK(::mkfifo(path("fifo").c_str(), 0600));
  ASSERT_OK(::link(path("file").c_str(), path("dir/second").c_str()));
  EXPECT_TRUE(read_path(backing("file")) == std::string(200000, 'c'));
  for (const char* name : {"file", "dir", "link", "fifo", "dir/second"}) {
    const struct stat through = stat_of(name);
    const struct stat behind = stat_path(backing(name));
    EXPECT_EQ(through.st_ino, behind.st_ino) << name;
    EXPECT_EQ(through.st_mode, behind.st_mode) << name;
    EXPECT_EQ(through.st_nlink, behind.st_nlink) << name;
    EXPECT_EQ(through.st_uid, behind.st_uid) << name;
    EXPECT_EQ(through.st_gid, behind.st_gid) << name;
    EXPECT_EQ(through.st_size, behind.st_size) << name;
    EXPECT_EQ(through.st_blocks, behind.st_blocks) << name;
    EXPECT_EQ(through.st_blksize, behind.st_blksize) << name;
    EXPECT_TRUE(same_time(through.st_mtim, behind.st_mtim)) << name;
    EXPECT_TRUE(same_time(through.st_ctim, behind.st_ctim)) << name;
  }
}

TEST_F(Behind, WritesArriveWithoutSync) {
  Fd fd = create("file", "first");
  EXPECT_EQ(read_path(backing("file")), "first");
  ASSERT_TRUE(write_at(fd.get(), " second", 5));
  EXPECT_EQ(read_path(backing("file")), "first second");
  ASSERT_OK(::ftruncate(fd.get(), 3));
  EXPECT_EQ(read_path(backing("file")), "fir");
  ASSERT_OK(::fchmod(fd.get(), 0604));
  EXPECT_EQ(stat_path(backing("file")).st_mode & 07777U, 0604U);
  ASSERT_OK(::rename(path("file").c_str(), path("moved").c_str()));
  EXPECT_EQ(read_path(backing("moved")), "fir");
  ASSERT_OK(::unlink(path("moved").c_str()));
  struct stat info {};
  EXPECT_ERRNO(ENOENT, ::lstat(backing("moved").c_str(), &info));
}

TEST_F(Behind, ListingsHaveTheBackingsInodes) {
  make_behind("one", "1");
  make_behind("two", "2");
  ASSERT_OK(::mkdir(backing("dir").c_str(), 0755));
  auto through = list(path("dir"));
  auto behind = list(backing("dir"));
  EXPECT_EQ(through, behind);
  through = list(path());
  behind = list(backing());
  through.erase("..");  // The parent may be the mount's root, which has another parent.
  behind.erase("..");
  EXPECT_EQ(through, behind);
}

TEST_F(Behind, ANewFileAppears) {
  EXPECT_FALSE(exists("file"));  // Now its absence may be cached.
  make_behind("file", "behind");
  EXPECT_TRUE(eventually([&] { return content_of("file") == "behind"; }));
  EXPECT_TRUE(list(path()).contains("file"));
}

TEST_F(Behind, ARemovedFileDisappears) {
  make_file("file", "content");
  EXPECT_EQ(content_of("file"), "content");
  ASSERT_OK(::unlink(backing("file").c_str()));
  EXPECT_TRUE(eventually([&] { return !exists("file"); }));
  EXPECT_FALSE(list(path()).contains("file"));
  make_file("file", "again");
  EXPECT_EQ(read_path(backing("file")), "again");
}

TEST_F(Behind, ChangedContentIsRead) {
  make_file("file", "before");
  EXPECT_EQ(content_of("file"), "before");
  {
    Fd fd = open_fd(backing("file"), O_WRONLY | O_TRUNC);
    ASSERT_TRUE(write_at(fd.get(), "after, and longer", 0));
  }
  EXPECT_TRUE(eventually([&] { return content_of("file") == "after, and longer"; }))
      << content_of("file");
  EXPECT_TRUE(eventually([&] { return stat_of("file").st_size == 17; }));
}

TEST_F(Behind, ChangedContentOfTheSameSizeIsRead) {
  make_file("file", "before");
  EXPECT_EQ(content_of("file"), "before");
  Fd fd = open_fd(backing("file"), O_WRONLY);
  // The file is written until the change is seen: file times are coarse, so that a single write may
  // fall into the same tick as the one before.
  EXPECT_TRUE(eventually(
      [&] { return write_at(fd.get(), "behind", 0) && content_of("file") == "behind"; }));
}

TEST_F(Behind, AReplacedFileIsTheNewOne) {
  make_file("file", "old");
  Fd old = open_fd(path("file"), O_RDONLY);
  make_behind("next", "new content");
  ASSERT_OK(::rename(backing("next").c_str(), backing("file").c_str()));
  EXPECT_TRUE(eventually([&] { return content_of("file") == "new content"; }));
  EXPECT_EQ(stat_of("file").st_ino, stat_path(backing("file")).st_ino);
  EXPECT_EQ(read_all(old.get()), "old");  // It was opened before, so it is still the old file.
}

TEST_F(Behind, ChangedAttributesAreSeen) {
  make_file("file", "content", 0644);
  EXPECT_EQ(stat_of("file").st_mode & 07777U, 0644U);
  ASSERT_OK(::chmod(backing("file").c_str(), 0600));
  const timespec times[2] = {{5000, 0}, {6000, 0}};
  ASSERT_OK(::utimensat(AT_FDCWD, backing("file").c_str(), times, 0));
  EXPECT_TRUE(eventually([&] {
    const struct stat info = stat_of("file");
    return (info.st_mode & 07777U) == 0600U && info.st_mtim.tv_sec == 6000;
  }));
}

TEST_F(Behind, AMovedDirectoryIsFoundAtItsNewPlace) {
  make_dir("from");
  make_file("from/file", "content");
  Fd dir = dir_fd("from");
  ASSERT_OK(::rename(backing("from").c_str(), backing("to").c_str()));
  EXPECT_TRUE(eventually([&] { return content_of("to/file") == "content" && !exists("from"); }));
  Fd made(::openat(dir.get(), "made", O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  ASSERT_OK(made.get());  // The descriptor is the directory, wherever it went.
  EXPECT_OK(::access(backing("to/made").c_str(), F_OK));
}

TEST_F(Behind, AFileThatBecameADirectory) {
  make_file("name", "file");
  EXPECT_EQ(content_of("name"), "file");
  ASSERT_OK(::unlink(backing("name").c_str()));
  ASSERT_OK(::mkdir(backing("name").c_str(), 0755));
  EXPECT_TRUE(eventually([&] { return S_ISDIR(stat_of("name").st_mode); }));
  EXPECT_OK(::rmdir(path("name").c_str()));
}

TEST_F(Behind, BothSidesAppend) {
  make_file("file");
  Fd through = open_fd(path("file"), O_WRONLY | O_APPEND);
  Fd behind = open_fd(backing("file"), O_WRONLY | O_APPEND);
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(::write(behind.get(), "b", 1), 1);
    ASSERT_EQ(::write(through.get(), "t", 1), 1);
    expected += "bt";
  }
  EXPECT_EQ(read_path(backing("file")), expected);
  EXPECT_TRUE(eventually([&] { return content_of("file") == expected; }));
}

}  // namespace
}  // namespace vexfs::e2e
