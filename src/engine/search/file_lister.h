// FileLister: files of a space, or without a text, in the order of their paths, a page at a time.
#ifndef VEXFS_ENGINE_SEARCH_FILE_LISTER_H_
#define VEXFS_ENGINE_SEARCH_FILE_LISTER_H_

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "engine/query/query.h"
#include "engine/search/hit_resolver.h"
#include "engine/storage/vector_storage_manager.h"

namespace vexfs::engine {

// Walks the catalog's names, not the tree, and looks only into directories of the scope. A page
// costs the files that are on it, wherever it starts. Used once, by one thread.
//
// Order: the bytes of whole paths. So a directory comes where its name with a slash would: "a!"
// stands before the files in "a/", and "a0" behind them.
class FileLister {
 public:
  // Files that have vectors in the space; without one, those whose text could not be indexed, or
  // that have none.
  FileLister(HitResolver& resolver, VectorStorageManager& storage,
             const VectorStorageManager::OpenSpace* space, const HitScope& scope)
      : resolver_(resolver), storage_(storage), space_(space), scope_(scope) {}

  // The first `limit` (at most limits::kListedFilesMax) whose paths follow `after`.
  Result<FileList, Refusal> list(DirectoryIndex directory, std::string_view after, uint32_t limit);

 private:
  struct Child {
    std::string name;
    ObjectId object = kNoObject;
    ObjectKey key;
    DirectoryIndex directory = kNoDirectory;  // Of a directory.
    uint32_t vectors = 0;                     // Of a file.
    bool is_file = false;
    bool listed = false;  // A file that belongs to the list.
    bool skipped = false;
    std::string why = {};
  };
  // A directory on the way from the scope to where the walk is.
  struct Level {
    ObjectId object = kNoObject;
    std::string prefix;           // Its path and a slash, or nothing.
    std::string position;         // The last name that was read.
    std::vector<Child> children;  // Read and not yet passed, from `next` on.
    size_t next = 0;
    bool read_all = false;
    // Directories whose turn comes behind some of the names that follow: name and slash.
    std::set<std::string> waiting;
  };

  Status start(DirectoryIndex directory, std::string_view after);
  Status walk(uint32_t limit, FileList& list);
  Status enter(ObjectId directory, std::string prefix);
  Status seek(Level& level);
  Status read_children(Level& level);
  Status describe(const Snapshot& now, Child& child);
  static Status describe_text(const Snapshot& now, Child& child);
  bool may_enter(DirectoryIndex directory) const;
  Status enter_waiting(Level& level);
  void take(const Level& level, Child& child, FileList& list);

  HitResolver& resolver_;
  VectorStorageManager& storage_;
  const VectorStorageManager::OpenSpace* space_;  // Nullptr: of texts.
  const HitScope& scope_;
  std::string after_;
  std::vector<Level> levels_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_FILE_LISTER_H_
