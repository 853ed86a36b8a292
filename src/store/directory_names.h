// The names in a directory, for the store's folders: few, and read only when one is opened.
#ifndef VEXFS_STORE_DIRECTORY_NAMES_H_
#define VEXFS_STORE_DIRECTORY_NAMES_H_

#include <string>
#include <vector>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::store {

// Without "." and "..", in no order. `directory` must be open for reading, and keeps its position.
Result<std::vector<std::string>> directory_names(const Fd& directory);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_DIRECTORY_NAMES_H_
