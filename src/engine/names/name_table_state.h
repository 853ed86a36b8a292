// NameTableState: what NameTable is made of; for the files name_*.cc alone.
#ifndef VEXFS_ENGINE_NAMES_NAME_TABLE_STATE_H_
#define VEXFS_ENGINE_NAMES_NAME_TABLE_STATE_H_

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/limits.h"
#include "engine/names/directory_table.h"
#include "engine/names/name_table.h"

namespace vexfs::engine {

// Invariants, but after a failure of the catalog: a directory that is not gone has at most one name
// in the catalog, the one in `directories`; an object without a name is in `nameless`.
//
// Threads: under the lock of NameTable. Stack: request threads, no recursion.
class NameTableState {
 public:
  NameTableState(store::Catalog& of, tree::Tree& in, NameEvents& to);

  // The object with this key, kNoObject when there is none.
  Result<ObjectId> known(const ObjectKey& key);
  // The object that a name leads to in the catalog, kNoObject when there is none.
  Result<ObjectId> known_at(DirectoryIndex directory, std::string_view name);
  Result<bool> is_named(ObjectId object);
  Result<bool> is_empty(ObjectId directory);  // No name in it is known.
  // The name leads to `object` from now on, kNoObject: to nothing that is known. What it led to
  // before loses it. A directory has one name: its former goes.
  Status lead(DirectoryIndex directory, std::string_view name, ObjectId object);
  // A directory that exists no more. It has no name.
  Status remove_directory(DirectoryIndex directory);

  // The directory, made with those that lead to it. Only where it is unknown, or nothing leads to
  // it, the tree is asked.
  Result<DirectoryIndex> ensure_directory(const ObjectKey& key);
  // The directory at a path of the source, made with those above it; names that have changed on the
  // way are put right. `path` is used up.
  Result<DirectoryIndex> directory_at(std::string& path);

  // Where an inode is now: its directory (made known) and its name in it, which is a part of `path`
  // (relative to the source). ESTALE: the path leads to something else.
  struct Place {
    DirectoryIndex directory = kNoDirectory;
    std::string name;
    uint64_t inode = 0;
    mode_t mode = 0;
  };
  Result<Place> place_at(const std::string& path, const ObjectKey& key);
  // The same by Tree::path_of(); tries again when it moves meanwhile.
  Result<Place> place_of(const ObjectKey& key);

  // What a name leads to in the tree at this moment; ENOENT for nothing.
  Result<ObjectKey> look(const ObjectKey& directory, std::string_view name);

  bool connected(DirectoryIndex directory) const {
    return directories.is_below(directory, kRootDirectory);
  }

  store::Catalog& catalog;
  tree::Tree& tree;
  NameEvents& events;
  DirectoryTable directories;
  // Objects without a name, directories too; true when the tree was walked for them in vain.
  std::unordered_map<ObjectId, bool> nameless;
  bool all_nameless_known = false;  // Else there may be more of them in the catalog.
  uint64_t generation;
  uint64_t changes = 0;  // Changes of the tree that were reported, of known names or not.

 private:
  Status put(DirectoryIndex directory, std::string_view name, ObjectId object);
  Status released(ObjectId object, DirectoryIndex directory, std::string_view name);
  Status break_cycle(DirectoryIndex moved, DirectoryIndex parent);
  Result<DirectoryIndex> known_directory(int fd);
  Result<DirectoryIndex> step_into(int fd, DirectoryIndex parent, const char* name);
  Result<DirectoryIndex> directory_behind(int fd);
  Result<DirectoryIndex> make_directory(int fd, const ObjectKey& key);
  Status look_at(const std::string& path, const ObjectKey& key, Place& place);
  Status expect(int fd, const ObjectKey& key);

  std::vector<char> path_buffer;                            // For Tree::path_of().
  std::array<char, limits::kNameBytesMax + 1> name_buffer;  // A name that ends in NUL.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAMES_NAME_TABLE_STATE_H_
