// FileLister: lists the files of a space, or those without a text, by path and a page at a time.
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

// Walks the names of the catalog, not the tree, and only the directories of the scope. A page costs
// the files that are on it, wherever it starts. An object is used once, by one thread.
//
// Files are in the order of the bytes of their whole paths, so that `after` can be any path. A
// directory therefore comes where its name with a slash would: "a!" stands before the files in
// "a/", and "a0" behind them. Since the catalog has "a" before both, a directory waits until its
// turn.
class FileLister {
 public:
  // Lists the files that have vectors in the space. Without a space it lists those whose text could
  // not be indexed and those that have no text.
  FileLister(HitResolver& resolver, VectorStorageManager& storage,
             const VectorStorageManager::OpenSpace* space, const HitScope& scope)
      : resolver_(resolver), storage_(storage), space_(space), scope_(scope) {}

  // The first `limit` files (at most limits::kListedFilesMax) whose paths follow `after`.
  Result<FileList, Refusal> list(DirectoryIndex directory, std::string_view after, uint32_t limit);

 private:
  struct Child {
    std::string name;
    ObjectId object = kNoObject;
    ObjectKey key;
    DirectoryIndex directory = kNoDirectory;  // Where it is a directory.
    uint32_t vectors = 0;                     // Where it is a file.
    bool is_file = false;
    bool listed = false;  // It is a file that belongs to the list.
    bool skipped = false;
    std::string why = {};
  };
  // A directory between the scope and the place of the walk.
  struct Level {
    ObjectId object = kNoObject;
    std::string prefix;    // Its path and a slash; empty for the directory that is asked.
    std::string position;  // The last name that was read.
    // The children that were read in the last step. Those before `next` are done.
    std::vector<Child> children;
    size_t next = 0;
    bool read_all = false;
    // Names, each with a slash, of directories that were read and whose turn has not come.
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
  const VectorStorageManager::OpenSpace* space_;  // nullptr: the list is of texts.
  const HitScope& scope_;
  std::string after_;
  std::vector<Level> levels_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_FILE_LISTER_H_
