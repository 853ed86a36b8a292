// Finds the folder of a space, also while the space takes the place of another.
#ifndef VEXFS_ENGINE_STORAGE_SPACE_FOLDER_H_
#define VEXFS_ENGINE_STORAGE_SPACE_FOLDER_H_

#include <string>

#include "base/fd.h"
#include "base/status.h"
#include "store/catalog.h"
#include "store/store_directory.h"

namespace vexfs::engine {

// The catalog's mark of a swap: the id of the space that has its name already, and whose folder may
// have the older one yet. 0: none.
inline constexpr const char* kSwapMark = "swap";

// The name of a space that is to take the place of another.
inline std::string beside(std::string_view name) { return std::string(name) + '~'; }

// Opens the folder for reading; errors are those of StoreDirectory::space().
inline Result<Fd> folder_of(const store::StoreDirectory& directory, store::Catalog& catalog,
                            const store::Space& space, bool create) {
  VEXFS_TRY(swapped, catalog.mark(kSwapMark, 0));
  if (swapped == static_cast<int64_t>(space.id)) {
    Result<Fd> older = directory.space(beside(space.name), false);
    if (older.ok()) return older;
  }
  return directory.space(space.name, create);
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SPACE_FOLDER_H_
