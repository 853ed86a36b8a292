// The daemon may read everything, so it checks owner, mode and ACL by itself.
#include "tree/caller_access.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>

#include "base/proc_path.h"
#include "tree/open_beneath.h"

namespace vexfs::tree {

Result<bool> may_access(const Credentials& caller, int fd, int wanted, struct stat& attributes) {
  if (::fstat(fd, &attributes) != 0) return errno_status("fstat");
  if (caller.sees_all()) return true;
  // An ACL does not change what the owner may do. Where there is one, the group's bits of the mode
  // are its mask; so a mode without bits for group and others grants nothing, with or without an
  // ACL.
  if (caller.uid == attributes.st_uid || (attributes.st_mode & 077) == 0) {
    return permits(caller, attributes, {}, wanted);
  }
  std::array<std::byte, kAclBytesMax> acl;
  const ssize_t bytes = ::getxattr(ProcPath(fd).c_str(), kAclAttribute, acl.data(), acl.size());
  if (bytes >= 0) {
    return permits(caller, attributes, std::span(acl).first(static_cast<size_t>(bytes)), wanted);
  }
  if (errno != ENODATA && errno != EOPNOTSUPP) return false;
  return permits(caller, attributes, {}, wanted);
}

Result<std::string> clean_path(std::string_view path) {
  if (path.starts_with('/')) return Status(EINVAL, "the path is not relative");
  std::string clean;
  while (!path.empty()) {
    const size_t end = path.find('/');
    const std::string_view name = path.substr(0, end);
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    if (name.empty() || name == ".") continue;
    if (name == "..") return Status(EINVAL, "the path has ..");
    if (!clean.empty()) clean += '/';
    clean += name;
  }
  return clean;
}

Result<Fd> open_for(const Credentials& caller, int directory, const std::string& path) {
  constexpr int kFlags = O_PATH | O_NOFOLLOW;
  if (caller.sees_all()) return open_beneath(directory, path, kFlags);
  Fd reached;
  size_t start = 0;
  while (start <= path.size()) {
    const size_t slash = path.find('/', start);
    const size_t end = slash == std::string::npos ? path.size() : slash;
    const int at = reached.valid() ? reached.get() : directory;
    struct stat attributes;
    VEXFS_TRY(searchable, may_access(caller, at, X_OK, attributes));
    if (!searchable) return Status(EACCES, "a directory of the path may not be searched");
    VEXFS_TRY(next, open_beneath(at, path.substr(start, end - start), kFlags));
    reached = std::move(next);
    start = end + 1;
  }
  return reached;
}

}  // namespace vexfs::tree
