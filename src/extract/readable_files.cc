// A Landlock ruleset. glibc has no wrappers for its system calls.
#include "extract/readable_files.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "base/fd.h"

namespace vexfs::extract {
namespace {

constexpr const char* kReadable[] = {
    "/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/magic",
};

constexpr uint64_t kReading = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;
// All rights of the first version. Those that came later concern changes, which the filter of
// system calls forbids, and so does each kernel's list of them.
constexpr uint64_t kAll = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

Status allow_below(int rules, const char* path) {
  const Fd place(::open(path, O_PATH | O_CLOEXEC));
  struct stat stat;
  if (!place.valid() || ::fstat(place.get(), &stat) != 0) return {};  // Not on this system.
  landlock_path_beneath_attr rule = {};
  rule.allowed_access = kReading | (S_ISDIR(stat.st_mode) ? LANDLOCK_ACCESS_FS_READ_DIR : 0);
  rule.parent_fd = place.get();
  if (::syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) {
    return errno_status("a rule about files");
  }
  return {};
}

}  // namespace

Status bound_readable_files() {
  landlock_ruleset_attr handled = {};
  handled.handled_access_fs = kAll;
  const Fd rules(static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled.handled_access_fs), 0)));
  if (!rules.valid()) {
    if (errno == ENOSYS || errno == EOPNOTSUPP) return {};
    return errno_status("rules about files");
  }
  for (const char* path : kReadable) VEXFS_CHECK_OK(allow_below(rules.get(), path));
  if (::syscall(SYS_landlock_restrict_self, rules.get(), 0) != 0) {
    return errno_status("rules about files");
  }
  return {};
}

}  // namespace vexfs::extract
