// VisibleDirectories: finds which directories a caller may look into.
#ifndef VEXFS_ENGINE_SEARCH_VISIBLE_DIRECTORIES_H_
#define VEXFS_ENGINE_SEARCH_VISIBLE_DIRECTORIES_H_

#include <chrono>
#include <memory>

#include "base/limits.h"
#include "base/status.h"
#include "engine/names/directory_set.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/credentials.h"
#include "tree/tree.h"

namespace vexfs::engine {

// A directory is visible from `scope` when the caller may list and search it and all directories
// between it and `scope`, both included. R is needed beside X, because hits have names, and names
// are learned by listing. Owners, modes and ACLs of directories are looked up once for all callers,
// and again after permissions_changed().
//
// Threads: all methods may run at once. The storage's lock is taken for snapshots of the
// directories only, and not held over a system call.
class VisibleDirectories {
 public:
  // Without `sees_all_changes`, attributes are looked up again once they are older than `age_max`.
  VisibleDirectories(
      tree::Tree& tree, VectorStorageManager& storage, bool sees_all_changes = true,
      std::chrono::milliseconds age_max = std::chrono::milliseconds(limits::kAttributesAgeMaxMs));
  ~VisibleDirectories();

  struct Visible {
    DirectorySet directories;  // Those at or below the scope that are visible from it.
    bool everything = false;   // Whether these are all directories that the catalog knows.
  };
  Result<std::shared_ptr<const Visible>> from(DirectoryIndex scope,
                                              const tree::Credentials& caller);

  // The owner, mode or ACL of some directory may have changed.
  void permissions_changed();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_VISIBLE_DIRECTORIES_H_
