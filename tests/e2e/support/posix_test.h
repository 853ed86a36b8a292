// The fixture of the POSIX tests, and the environment that they run in.
//
//   VEXFS_TEST_DIR           an existing empty directory: plain, or inside a mount. Required.
//   VEXFS_BACKING_DIR        the same directory behind the mount, where the tests can reach it.
//   VEXFS_TEST_UNPRIVILEGED  1: skip what needs root (implied when not root).
//   VEXFS_TEST_LACKS         comma-separated features that the backing filesystem lacks, for
//                            mounts whose backing directory is not reachable (see Feature).
//
// Every expectation holds on a plain ext4, xfs, btrfs or tmpfs directory as well: the mount must
// not differ from the directory behind it.
#ifndef VEXFS_TESTS_E2E_SUPPORT_POSIX_TEST_H_
#define VEXFS_TESTS_E2E_SUPPORT_POSIX_TEST_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace vexfs::e2e {

struct Environment {
  std::string dir;
  std::optional<std::string> backing;
  bool privileged = false;
  std::string lacks;
};
// Read once from the process environment; exits with a message when VEXFS_TEST_DIR is missing.
const Environment& environment();

// Whether the directory under test is on a FUSE filesystem. Only for what the kernel's half of FUSE
// decides before any server is asked; every use says what that is.
bool on_fuse();

// What a filesystem may lack; the names are those of VEXFS_TEST_LACKS.
enum class Feature { kUserXattr, kAcl, kTmpfile, kDirectIo, kExec, kBirthTime, kInodeFlags };
// It is tried on the backing filesystem itself where that can be reached; elsewhere the list says
// it.
bool backing_has(Feature feature);

// For EXPECT_OK and friends: errno is still the one of the call when these run.
::testing::AssertionResult succeeded(long long result);
::testing::AssertionResult failed_with(int expected, long long result);

class PosixTest : public ::testing::Test {
 protected:
  // Makes a directory for this test alone, mode 0755.
  void SetUp() override;
  // Removes it and all in it through the directory under test.
  void TearDown() override;

  // The path of a name in the test's directory: as tests use it, and behind the mount.
  std::string path(std::string_view name = {}) const;
  std::string backing(std::string_view name = {}) const;
  static bool has_backing() { return environment().backing.has_value(); }
  // A name on the backing filesystem where the same calls show what to expect. Without
  // VEXFS_BACKING_DIR it is in the test's directory. Never the same file as path(name).
  std::string reference(std::string_view name) const;

  // Each expects success, and returns an invalid descriptor otherwise.
  Fd open_fd(const std::string& full_path, int flags, mode_t mode = 0644) const;
  Fd create(std::string_view name, std::string_view content = {}, mode_t mode = 0644) const;
  Fd dir_fd(std::string_view name = {}) const;
  void make_file(std::string_view name, std::string_view content = {}, mode_t mode = 0644) const {
    create(name, content, mode);
  }
  void make_dir(std::string_view name, mode_t mode = 0755) const;

  struct stat stat_of(std::string_view name) const;  // lstat; expects success.
  bool exists(std::string_view name) const;

 private:
  std::string directory_;  // Relative to environment().dir.
};

struct stat stat_path(const std::string& full_path);
struct stat stat_fd(int fd);
std::string read_all(int fd);  // From offset 0, by pread.
std::string read_path(const std::string& full_path);
bool write_at(int fd, std::string_view content, off_t offset);
std::string magic_link(int fd);  // /proc/self/fd/N
bool same_time(const timespec& left, const timespec& right);

}  // namespace vexfs::e2e

#define EXPECT_OK(call) EXPECT_TRUE(::vexfs::e2e::succeeded(call))
#define ASSERT_OK(call) ASSERT_TRUE(::vexfs::e2e::succeeded(call))
#define EXPECT_ERRNO(expected, call) EXPECT_TRUE(::vexfs::e2e::failed_with(expected, call))

#define VEXFS_NEEDS_ROOT() \
  if (!::vexfs::e2e::environment().privileged) GTEST_SKIP() << "needs root"
#define VEXFS_NEEDS(feature)                                      \
  if (!::vexfs::e2e::backing_has(::vexfs::e2e::Feature::feature)) \
  GTEST_SKIP() << "the backing filesystem lacks it: " #feature
#define VEXFS_NEEDS_BACKING() \
  if (!has_backing()) GTEST_SKIP() << "needs VEXFS_BACKING_DIR"

#endif  // VEXFS_TESTS_E2E_SUPPORT_POSIX_TEST_H_
