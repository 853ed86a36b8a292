// What a caller may do with the files of the source: the kernel's checks, made in the daemon for
// the caller of a query.
#ifndef VEXFS_TREE_CALLER_ACCESS_H_
#define VEXFS_TREE_CALLER_ACCESS_H_

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/fd.h"
#include "base/status.h"
#include "tree/credentials.h"

namespace vexfs::tree {

// Whether the caller has `wanted` (R_OK, X_OK) on the inode behind `fd` (O_PATH will do), whose
// attributes are filled in. An ACL that cannot be read permits nothing.
Result<bool> may_access(const Credentials& caller, int fd, int wanted, struct stat& attributes);

// Normalises a path of a request: relative, without "." and without doubled or trailing slashes;
// "" is the directory itself. EINVAL for an absolute one and for "..".
Result<std::string> clean_path(std::string_view path);

// Opens (O_PATH) a clean path from `directory` as far as the kernel would let the caller go: EACCES
// where it may not search a directory on the way. No symlink is followed.
Result<Fd> open_for(const Credentials& caller, int directory, const std::string& path);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_CALLER_ACCESS_H_
