// Tests of FileHandle: a file keeps its handle through a rename, and another file has another one.
#include "fs/backing/file_handle.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <set>
#include <string>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::fs {
namespace {

class FileHandleTest : public testing::Test {
 protected:
  Fd create(const char* name) { return directory_.create(name, ""); }
  // Whether the temporary directory's filesystem has handles.
  bool has_handles() {
    FileHandle handle;
    int mount_id = 0;
    return handle_of(directory_.fd().get(), handle, mount_id).ok();
  }

  const TemporaryDirectory directory_;
};

TEST_F(FileHandleTest, StaysWithTheFileThroughARename) {
  if (!has_handles()) GTEST_SKIP() << "no file handles on " << directory_.path();
  const Fd a = create("a");
  const Fd b = create("b");
  FileHandle before;
  FileHandle other;
  FileHandle after;
  int mount_id = 0;
  ASSERT_TRUE(handle_of(a.get(), before, mount_id).ok());
  ASSERT_TRUE(handle_of(b.get(), other, mount_id).ok());
  EXPECT_FALSE(before == other);
  ASSERT_EQ(::renameat(directory_.fd().get(), "a", directory_.fd().get(), "b"), 0);
  const Fd renamed(::openat(directory_.fd().get(), "b", O_PATH | O_CLOEXEC));
  ASSERT_TRUE(handle_of(renamed.get(), after, mount_id).ok());
  EXPECT_TRUE(before == after);
  EXPECT_EQ(hash(before), hash(after));
}

TEST_F(FileHandleTest, OpensTheFileUntilItIsGone) {
  if (!has_handles()) GTEST_SKIP() << "no file handles on " << directory_.path();
  FileHandle handle;
  int mount_id = 0;
  {
    const Fd file = create("a");
    ASSERT_EQ(::write(file.get(), "x", 1), 1);
    ASSERT_TRUE(handle_of(file.get(), handle, mount_id).ok());
  }
  {
    const Fd opened(open_handle(directory_.fd().get(), handle, O_RDONLY));
    if (!opened.valid() && errno == EPERM) GTEST_SKIP() << "needs CAP_DAC_READ_SEARCH";
    ASSERT_TRUE(opened.valid()) << std::strerror(errno);
    char byte = 0;
    EXPECT_EQ(::read(opened.get(), &byte, 1), 1);
    EXPECT_EQ(byte, 'x');
    EXPECT_NE(::fcntl(opened.get(), F_GETFD) & FD_CLOEXEC, 0);
  }
  ASSERT_EQ(::unlinkat(directory_.fd().get(), "a", 0), 0);
  const Fd gone(open_handle(directory_.fd().get(), handle, O_RDONLY));
  EXPECT_FALSE(gone.valid());
  EXPECT_EQ(errno, ESTALE);
}

TEST_F(FileHandleTest, InodeNumbersServeWhereThereAreNoHandles) {
  const Fd a = create("a");
  const Fd b = create("b");
  FileHandle first;
  FileHandle again;
  FileHandle other;
  ASSERT_TRUE(inode_number_handle_of(a.get(), first).ok());
  const Fd path(::openat(directory_.fd().get(), "a", O_PATH | O_CLOEXEC));
  ASSERT_TRUE(inode_number_handle_of(path.get(), again).ok());
  ASSERT_TRUE(inode_number_handle_of(b.get(), other).ok());
  EXPECT_TRUE(first == again);
  EXPECT_FALSE(first == other);
  EXPECT_EQ(first.type, FileHandle::kInodeNumberType);
  EXPECT_EQ(inode_number_handle_of(-1, first).error(), EBADF);
}

TEST_F(FileHandleTest, IsTheSameByNameAndASymlinkIsNotFollowed) {
  if (!has_handles()) GTEST_SKIP() << "no file handles on " << directory_.path();
  const Fd a = create("a");
  const int root = directory_.fd().get();
  ASSERT_EQ(::symlinkat("a", root, "link"), 0);
  FileHandle by_descriptor;
  FileHandle by_name;
  FileHandle of_link;
  int mount_id = 0;
  int same_mount_id = -1;
  ASSERT_TRUE(handle_of(a.get(), by_descriptor, mount_id).ok());
  ASSERT_TRUE(handle_of(root, "a", by_name, same_mount_id).ok());
  ASSERT_TRUE(handle_of(root, "link", of_link, same_mount_id).ok());
  EXPECT_TRUE(by_descriptor == by_name);
  EXPECT_EQ(mount_id, same_mount_id);
  EXPECT_FALSE(of_link == by_name);
  EXPECT_EQ(handle_of(root, "absent", by_name, mount_id).error(), ENOENT);
}

TEST(FileHandleInodeTest, IsFoundInAnyWord) {
  FileHandle handle;
  const uint32_t words[3] = {7, 0x01020304, 9};
  handle.bytes = sizeof words;
  std::memcpy(handle.data, words, sizeof words);
  EXPECT_TRUE(holds_inode_number(handle, 7));
  EXPECT_TRUE(holds_inode_number(handle, 0x01020304));
  EXPECT_TRUE(holds_inode_number(handle, 0xff00000009)) << "the low half decides";
  EXPECT_FALSE(holds_inode_number(handle, 8));
  handle.bytes = 11;
  EXPECT_FALSE(holds_inode_number(handle, 9)) << "no whole word";
}

// cgroup's handles are of type 0xfe: a filesystem may use any type but the kernel's invalid one.
TEST(FileHandleTypeTest, NoFilesystemHasTheTypeOfInodeNumbers) {
  for (const char* directory : {"/", "/tmp", "/dev/shm", "/sys/fs/cgroup", "/sys/fs/cgroup/unified",
                                "/sys/fs/cgroup/cpu", "/proc", "/sys"}) {
    const Fd fd(::open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
    FileHandle handle;
    int mount_id = 0;
    if (!fd.valid() || !handle_of(fd.get(), handle, mount_id).ok()) continue;
    EXPECT_NE(handle.type, FileHandle::kInodeNumberType) << directory;
  }
}

TEST(FileHandleHashTest, ConsecutiveInodesSpreadOverBuckets) {
  constexpr uint32_t kBuckets = 1024;
  std::set<uint64_t> used;
  for (uint64_t number = 0; number < kBuckets; ++number) {
    FileHandle handle;
    handle.bytes = sizeof(number);
    std::memcpy(handle.data, &number, sizeof(number));
    used.insert(hash(handle) % kBuckets);
  }
  // A random function would leave 1/e of the buckets empty.
  EXPECT_GT(used.size(), kBuckets / 2);
}

}  // namespace
}  // namespace vexfs::fs
