// Tests of unmounting: one mount by its id, whatever lies at its path. They run in a mount
// namespace of their own, in a child process; without root they are skipped.
#include "fs/backing/unmount.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"
#include "fs/backing/mountinfo.h"

namespace vexfs::fs {
namespace {

TEST(UnmountTest, OnlyAMountCanBeUnmounted) {
  const TemporaryDirectory directory;
  const std::string& made = directory.path();
  for (const bool lazily : {false, true}) {
    EXPECT_FALSE(unmount(made, lazily).ok());
    EXPECT_FALSE(unmount(made + "/absent", lazily).ok());
  }
  struct stat stat;
  EXPECT_EQ(::stat(made.c_str(), &stat), 0);
}

uint64_t mount_at_path(const std::string& path) {
  if (::mount("vexfs-test", path.c_str(), "tmpfs", 0, "size=64k") != 0) return 0;
  const Fd root(::open(path.c_str(), O_PATH | O_CLOEXEC));
  return mount_id_of(root.get());
}

// The number of the first step that went wrong; 0 for none.
int unmount_in_turn(const std::string& path, const std::string& elsewhere) {
  const uint64_t lower = mount_at_path(path);
  const uint64_t upper = mount_at_path(path);
  if (lower == 0 || upper == 0 || lower == upper) return 1;
  unmount_by_id(lower);  // It lies under the other.
  if (!mount_with_id(lower) || !mount_with_id(upper)) return 2;
  unmount_by_id(upper);
  if (!mount_with_id(lower) || mount_with_id(upper)) return 3;
  if (::mount(path.c_str(), elsewhere.c_str(), nullptr, MS_MOVE, nullptr) != 0) return 4;
  const uint64_t other = mount_at_path(path);
  unmount_by_id(lower);
  if (mount_with_id(lower) || !mount_with_id(other)) return 5;
  unmount_by_id(lower);  // It is gone.
  if (!mount_with_id(other)) return 6;
  return 0;
}

TEST(UnmountTest, AMountIsUnmountedByItsIdAndNoOther) {
  const TemporaryDirectory directory;
  ASSERT_EQ(::mkdirat(directory.fd().get(), "a", 0755), 0);
  ASSERT_EQ(::mkdirat(directory.fd().get(), "b", 0755), 0);
  constexpr int kNoNamespace = 100;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool alone = ::unshare(CLONE_NEWNS) == 0 &&
                       ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    ::_exit(alone ? unmount_in_turn(directory.path("a"), directory.path("b")) : kNoNamespace);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kNoNamespace) GTEST_SKIP() << "needs root";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace vexfs::fs
