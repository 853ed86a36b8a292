// Tests of ProcPath: every descriptor number fits, and the path leads to the file itself.
#include "base/proc_path.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <climits>
#include <string>

#include "base/testing/temporary_directory.h"

namespace vexfs {
namespace {

TEST(ProcPathTest, HoldsEveryNumber) {
  for (const int fd : {0, 9, 10, 1023, 1048575, INT_MAX}) {
    EXPECT_EQ(ProcPath(fd).c_str(), "/proc/self/fd/" + std::to_string(fd));
  }
}

TEST(ProcPathTest, LeadsToTheFileOfAPathDescriptor) {
  const TemporaryDirectory directory;
  const Fd created = directory.create("file", "text");
  const Fd path(::openat(directory.fd().get(), "file", O_PATH | O_CLOEXEC));
  ASSERT_EQ(::renameat(directory.fd().get(), "file", directory.fd().get(), "renamed"), 0);
  EXPECT_EQ(::chmod(ProcPath(path.get()).c_str(), 0640), 0);
  struct stat stat;
  ASSERT_EQ(::fstat(created.get(), &stat), 0);
  EXPECT_EQ(stat.st_mode & 07777, 0640U);
}

// The end of the way is the symlink, not what it points to.
TEST(ProcPathTest, StopsAtASymlink) {
  const TemporaryDirectory directory;
  const Fd target = directory.create("target", "");
  ASSERT_EQ(::symlinkat("target", directory.fd().get(), "link"), 0);
  const Fd link(::openat(directory.fd().get(), "link", O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat stat;
  ASSERT_EQ(::stat(ProcPath(link.get()).c_str(), &stat), 0);
  EXPECT_TRUE(S_ISLNK(stat.st_mode));
}

}  // namespace
}  // namespace vexfs
