// Lists of attribute names, as listxattr(2) gives them: each name with its terminator.
#ifndef VEXFS_FS_REQUESTS_ATTRIBUTE_LIST_H_
#define VEXFS_FS_REQUESTS_ATTRIBUTE_LIST_H_

#include <cstddef>
#include <string_view>

namespace vexfs::fs {

// Removes from the list, in place, the names that begin with `prefix`, except for those that begin
// with `except` (empty: no exception). Returns the bytes that are left.
size_t without_prefix(char* names, size_t bytes, std::string_view prefix,
                      std::string_view except = {});

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_ATTRIBUTE_LIST_H_
