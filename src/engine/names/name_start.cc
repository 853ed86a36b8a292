// NameTable::start(): reads the directories of the catalog into memory. Names of files stay in the
// catalog: there are far more of them, and a search asks for few.
#include <sys/stat.h>

#include <string>
#include <vector>

#include "base/log.h"
#include "engine/names/name_rekey.h"
#include "engine/names/name_table.h"
#include "engine/names/name_table_state.h"

namespace vexfs::engine {
namespace {

struct Row {
  ObjectId object;
  ObjectKey key;
  ObjectId parent;
  std::string name;
};

// Gives the source's object its key. A new catalog has the object without one.
Status name_root(NameTableState& state, const ObjectKey& key) {
  struct stat stat;
  if (::fstat(state.tree.root().get(), &stat) != 0) return errno_status("fstat");
  return state.catalog.set_key(kRootObject, key, stat.st_ino);
}

// Rows come in any order, so parents may come after their children: all directories get their
// numbers first, the source number 0, and then their parents.
Status load(NameTableState& state) {
  std::vector<Row> rows;
  VEXFS_CHECK_OK(state.catalog.directories([&](const store::Object& directory, const ObjectKey& key,
                                               ObjectId parent, std::string_view name) {
    rows.push_back({directory.id, key, parent, std::string(name)});
    return true;
  }));
  DirectoryTable& directories = state.directories;
  for (const bool root : {true, false}) {
    for (const Row& row : rows) {
      if ((row.object == kRootObject) != root) continue;
      if (directories.find(row.object) != kNoDirectory) continue;
      VEXFS_TRY(added, directories.add(row.object, row.key, kNoDirectory, {}));
      if (root && added != kRootDirectory) return Status(EUCLEAN, "the source's directory");
    }
  }
  if (directories.entries().empty()) return Status(EUCLEAN, "the source is no directory");
  for (const Row& row : rows) {
    if (row.object == kRootObject) continue;
    const DirectoryIndex directory = directories.find(row.object);
    const DirectoryIndex parent = directories.find(row.parent);
    if (parent == kNoDirectory) {
      state.nameless.emplace(row.object, false);
    } else if (directories.at(directory).parent == kNoDirectory) {
      directories.move(directory, parent, row.name);
    }
  }
  return {};
}

}  // namespace

Status NameTable::start() {
  VEXFS_TRY(root_key, state_->tree.key_of(state_->tree.root().get()));
  VEXFS_TRY(catalog_key, state_->catalog.key_of(kRootObject));
  if (!catalog_key.has_value()) return Status(EUCLEAN, "a catalog without its source");
  if (catalog_key->bytes == 0) {
    VEXFS_CHECK_OK(name_root(*state_, root_key));
  } else if (!(*catalog_key == root_key)) {
    log(LogLevel::kWarning, "the tree was copied with its store: its files are looked up by path");
    VEXFS_CHECK_OK(rekey(state_->catalog, state_->tree, root_key));
  }
  return load(*state_);
}

}  // namespace vexfs::engine
