// A file that configuration names by a path, read as a user may and not as the daemon may.
#ifndef VEXFS_TREE_NAMED_FILE_H_
#define VEXFS_TREE_NAMED_FILE_H_

#include <cstddef>
#include <string>

#include "base/status.h"
#include "tree/credentials.h"

namespace vexfs::tree {

// Reads the file as `reader` may, whatever capabilities this process has. EACCES, with what is
// wrong, unless it is a regular file at an absolute path without symlinks and "..", which has no
// other name: who may write to a directory on the way could else choose any file of the reader's.
// EFBIG where it is longer than `most`.
Result<std::string> read_named_file(const Credentials& reader, const std::string& path,
                                    size_t most);

// The same for the effective user of this process and its groups.
Result<std::string> read_named_file(const std::string& path, size_t most);

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_NAMED_FILE_H_
