// The fixture: its environment, its directory, and what it cleans up.
#include "tests/e2e/support/posix_test.h"

#include <linux/fs.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "tests/e2e/support/acl.h"

namespace vexfs::e2e {
namespace {

Environment read_environment() {
  const auto get = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  Environment result;
  result.dir = get("VEXFS_TEST_DIR");
  if (result.dir.empty()) {
    std::fprintf(stderr, "posix_test: VEXFS_TEST_DIR must name an empty directory\n");
    std::exit(2);
  }
  if (const std::string backing = get("VEXFS_BACKING_DIR"); !backing.empty()) {
    result.backing = backing;
  }
  result.privileged = ::geteuid() == 0 && get("VEXFS_TEST_UNPRIVILEGED") != "1";
  result.lacks = "," + get("VEXFS_TEST_LACKS") + ",";
  return result;
}

const char* feature_name(Feature feature) {
  switch (feature) {
    case Feature::kUserXattr:
      return "user_xattr";
    case Feature::kAcl:
      return "acl";
    case Feature::kTmpfile:
      return "tmpfile";
    case Feature::kDirectIo:
      return "direct_io";
    case Feature::kExec:
      return "exec";
    case Feature::kBirthTime:
      return "birth_time";
    case Feature::kInodeFlags:
      return "inode_flags";
  }
  return "";
}

// Whether `dir` has the feature, tried on a file that is made for it.
bool try_feature(const std::string& dir, Feature feature) {
  const std::string probe = dir + "/.feature_probe." + std::to_string(::getpid());
  Fd fd(::open(probe.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) return false;
  bool has = false;
  switch (feature) {
    case Feature::kUserXattr:
      has = ::fsetxattr(fd.get(), "user.probe", "1", 1, 0) == 0;
      break;
    case Feature::kAcl:
      has = set_acl(probe, kAccessAcl, Acl().user_obj(6).user(1, 4).group_obj(4).mask(4).other(0));
      break;
    case Feature::kTmpfile:
      has = Fd(::open(dir.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)).valid();
      break;
    case Feature::kDirectIo:
      has = Fd(::open(probe.c_str(), O_DIRECT | O_RDWR | O_CLOEXEC)).valid();
      break;
    case Feature::kExec: {
      struct statvfs info {};
      has = ::statvfs(dir.c_str(), &info) == 0 && (info.f_flag & ST_NOEXEC) == 0;
      break;
    }
    case Feature::kBirthTime: {
      struct statx info {};
      has = ::statx(AT_FDCWD, probe.c_str(), 0, STATX_BTIME, &info) == 0 &&
            (info.stx_mask & STATX_BTIME) != 0;
      break;
    }
    case Feature::kInodeFlags: {
      int flags = 0;
      has = ::ioctl(fd.get(), FS_IOC_GETFLAGS, &flags) == 0;
      break;
    }
  }
  ::unlink(probe.c_str());
  return has;
}

std::string join(const std::string& directory, std::string_view name) {
  return name.empty() ? directory : directory + "/" + std::string(name);
}

}  // namespace

const Environment& environment() {
  static const Environment instance = read_environment();
  return instance;
}

bool on_fuse() {
  struct statfs info {};
  return ::statfs(environment().dir.c_str(), &info) == 0 && info.f_type == FUSE_SUPER_MAGIC;
}

bool backing_has(Feature feature) {
  const Environment& env = environment();
  if (env.lacks.find("," + std::string(feature_name(feature)) + ",") != std::string::npos) {
    return false;
  }
  // On a mount whose backing directory cannot be reached, a feature that is not listed must be
  // there.
  if (!env.backing && on_fuse()) return true;
  return try_feature(env.backing.value_or(env.dir), feature);
}

::testing::AssertionResult succeeded(long long result) {
  const int error = errno;
  if (result != -1) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << strerrorname_np(error);
}

::testing::AssertionResult failed_with(int expected, long long result) {
  const int error = errno;
  if (result == -1 && error == expected) return ::testing::AssertionSuccess();
  auto failure = ::testing::AssertionFailure() << "expected " << strerrorname_np(expected);
  if (result == -1) return failure << ", got " << strerrorname_np(error);
  return failure << ", but it succeeded with " << result;
}

void PosixTest::SetUp() {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  directory_ =
      std::string(info->test_suite_name()) + "." + info->name() + "." + std::to_string(::getpid());
  for (char& letter : directory_) {
    if (letter == '/') letter = '_';
  }
  ASSERT_OK(::mkdir(path().c_str(), 0755));
  ASSERT_OK(::chmod(path().c_str(), 0755));  // Whatever the umask.
}

void PosixTest::TearDown() {
  std::error_code error;
  std::filesystem::remove_all(path(), error);
  EXPECT_FALSE(error) << "cleaning up " << path() << ": " << error.message();
  if (has_backing()) std::filesystem::remove_all(backing(), error);
}

std::string PosixTest::path(std::string_view name) const {
  return join(environment().dir + "/" + directory_, name);
}

std::string PosixTest::backing(std::string_view name) const {
  return join(*environment().backing + "/" + directory_, name);
}

std::string PosixTest::reference(std::string_view name) const {
  const std::string own = "reference." + std::string(name);
  return has_backing() ? backing(own) : path(own);
}

Fd PosixTest::open_fd(const std::string& full_path, int flags, mode_t mode) const {
  Fd fd(::open(full_path.c_str(), flags | O_CLOEXEC, mode));
  EXPECT_TRUE(succeeded(fd.get())) << "open " << full_path;
  return fd;
}

Fd PosixTest::create(std::string_view name, std::string_view content, mode_t mode) const {
  Fd fd = open_fd(path(name), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (!fd.valid()) return fd;
  EXPECT_TRUE(write_at(fd.get(), content, 0));
  EXPECT_OK(::fchmod(fd.get(), mode));  // Whatever the umask; last, as a write clears set-id bits.
  return fd;
}

Fd PosixTest::dir_fd(std::string_view name) const {
  return open_fd(path(name), O_RDONLY | O_DIRECTORY);
}

void PosixTest::make_dir(std::string_view name, mode_t mode) const {
  EXPECT_OK(::mkdir(path(name).c_str(), 0700));
  EXPECT_OK(::chmod(path(name).c_str(), mode));
}

struct stat PosixTest::stat_of(std::string_view name) const {
  struct stat result {};
  EXPECT_TRUE(succeeded(::lstat(path(name).c_str(), &result))) << "lstat " << path(name);
  return result;
}

bool PosixTest::exists(std::string_view name) const {
  struct stat ignored {};
  return ::lstat(path(name).c_str(), &ignored) == 0;
}

struct stat stat_path(const std::string& full_path) {
  struct stat result {};
  EXPECT_TRUE(succeeded(::lstat(full_path.c_str(), &result))) << "lstat " << full_path;
  return result;
}

struct stat stat_fd(int fd) {
  struct stat result {};
  EXPECT_OK(::fstat(fd, &result));
  return result;
}

std::string read_all(int fd) {
  std::string content;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got =
        ::pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(content.size()));
    EXPECT_OK(got);
    if (got <= 0) return content;
    content.append(buffer.data(), static_cast<size_t>(got));
  }
}

std::string read_path(const std::string& full_path) {
  Fd fd(::open(full_path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_TRUE(succeeded(fd.get())) << "open " << full_path;
  return fd.valid() ? read_all(fd.get()) : std::string();
}

bool write_at(int fd, std::string_view content, off_t offset) {
  while (!content.empty()) {
    const ssize_t put = ::pwrite(fd, content.data(), content.size(), offset);
    if (put <= 0) return false;
    content.remove_prefix(static_cast<size_t>(put));
    offset += put;
  }
  return true;
}

std::string magic_link(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

bool same_time(const timespec& left, const timespec& right) {
  return left.tv_sec == right.tv_sec && left.tv_nsec == right.tv_nsec;
}

}  // namespace vexfs::e2e
