// Each directory of the path is opened from the one before, so that what was checked is what is
// read.
#include "tree/named_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <vector>

#include "base/durable_file.h"
#include "base/fd.h"
#include "base/file_io.h"
#include "base/proc_path.h"
#include "tree/caller_access.h"
#include "tree/open_beneath.h"

namespace vexfs::tree {
namespace {

// Opens (O_PATH) the file at an absolute path as far as the reader may go.
Result<Fd> find_named_file(const Credentials& reader, std::string_view path) {
  const Status unreachable(EACCES, "the named file cannot be reached");
  if (!path.starts_with('/')) return Status(EACCES, "the named file's path is relative");
  Fd at(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string name(path.substr(0, path.find('/')));
    path.remove_prefix(name.size());
    if (name.empty()) continue;
    struct stat attributes;
    const auto searchable = may_access(reader, at.get(), X_OK, attributes);
    if (!searchable.ok() || !searchable.value()) return unreachable;
    Fd next = open_step(at.get(), name.c_str(), O_PATH | O_NOFOLLOW, MountPoints::kEntered);
    // O_PATH opens a link itself.
    if (!next.valid() || ::fstat(next.get(), &attributes) != 0) return unreachable;
    if (S_ISLNK(attributes.st_mode)) {
      return Status(EACCES, "the named file's path leads over a symbolic link");
    }
    at = std::move(next);
  }
  return at;
}

}  // namespace

Result<std::string> read_named_file(const Credentials& reader, const std::string& path,
                                    size_t most) {
  VEXFS_TRY(found, find_named_file(reader, path));
  struct stat attributes;
  const auto readable = may_access(reader, found.get(), R_OK, attributes);
  if (!readable.ok() || !readable.value()) {
    return Status(EACCES, "the named file cannot be read");
  }
  if (!S_ISREG(attributes.st_mode)) return Status(EACCES, "the named file is no file");
  if (attributes.st_nlink != 1) {
    return Status(EACCES, "the named file has another name too");
  }
  const Fd file(::open(ProcPath(found.get()).c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.valid()) return Status(EACCES, "the named file cannot be read");
  return read_all(system_io(), file, most);
}

Result<std::string> read_named_file(const std::string& path, size_t most) {
  const int count = ::getgroups(0, nullptr);
  if (count < 0) return errno_status("groups");
  std::vector<gid_t> groups(static_cast<size_t>(count));
  if (::getgroups(count, groups.data()) != count) return errno_status("groups");
  return read_named_file({.uid = ::geteuid(), .gid = ::getegid(), .groups = groups}, path, most);
}

}  // namespace vexfs::tree
