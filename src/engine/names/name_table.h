// NameTable: which names lead to the objects of the catalog, kept right by every change of the
// tree.
#ifndef VEXFS_ENGINE_NAMES_NAME_TABLE_H_
#define VEXFS_ENGINE_NAMES_NAME_TABLE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "base/status.h"
#include "engine/names/directory_table.h"
#include "store/catalog.h"
#include "tree/tree.h"

namespace vexfs::engine {

// What a change of names did to objects that carry vectors.
class NameEvents {
 public:
  virtual ~NameEvents() = default;
  // The last known name is gone: no search may find the object. Its vectors stay while the file
  // does (it may be open, or have names that VexFS does not know).
  virtual void lost(ObjectId object) = 0;
  virtual void found(ObjectId object) = 0;  // It has a name again.
  virtual void moved(ObjectId object) = 0;  // A name was added, removed or changed its directory.
};

// Knows files that carry vectors and the directories that lead to them, nothing else. Directories
// (few) are held in memory once start() has read them; names of files stay in the catalog.
//
// Threads: one at a time, under the mutex of VectorStorageManager, which guards the catalog too.
// Stack: the methods of the first group run on request threads, within limits::kRequestStackBytes.
class NameTable {
 public:
  NameTable(store::Catalog& catalog, tree::Tree& tree, NameEvents& events);
  ~NameTable();
  // Reads the directories, and makes the source's own object in a new catalog. Where the source has
  // another key than the catalog says (the tree was copied or restored with its store), every
  // object takes the key of what its path leads to now; those whose path leads nowhere are for
  // reconcile(). Any thread with a large stack; nothing else may run yet.
  Status start();

  // --- Changes of the tree, as Engine::linked and the others report them. Names of unknown objects
  // in unknown directories cost one or two look-ups in memory. After a failure the next
  // reconcile() puts things right.
  //
  // linked() is for a further name of an inode (link, and linkat of an O_TMPFILE); a name that was
  // made with its inode (create, mkdir, mknod, symlink) need not be recorded.
  Status linked(const ObjectKey& parent, std::string_view name, const ObjectKey& object);
  Status unlinked(const ObjectKey& parent, std::string_view name);
  Status renamed(const ObjectKey& old_parent, std::string_view old_name,
                 const ObjectKey& new_parent, std::string_view new_name, bool exchange);
  // The object of a file. A new one is made, with the directories that lead to it, and `added` says
  // so. Where no path is known yet the object is made without a name (see is_nameless), and
  // reconcile() finds one. EISDIR: directories carry no vectors.
  Result<ObjectId> object_for(const ObjectKey& file, bool& added);
  // The same for a file that was seen as `name` in a directory: while it is there, nobody is asked
  // for its path.
  Result<ObjectId> object_at(const ObjectKey& directory, std::string_view name,
                             const ObjectKey& file, uint64_t inode, bool& added);
  // The object carries no vectors any more: it goes, with its names.
  Status forget(ObjectId object);

  // Whether the object has no known name: no search may find it. NameEvents::lost was called when
  // that began, but not for a new object of object_for().
  bool is_nameless(ObjectId object) const;
  size_t nameless_objects() const;

  // --- Paths. `path` is relative to `scope`, and is one that lies below it; a file with several
  // names may be below it more than once: then the first. ENOENT when none is.
  Status path_below(ObjectId object, DirectoryIndex scope, std::string& path) const;
  // Directories that hold a name of the object; some may be without a way to the source for now.
  Status directories_of(ObjectId object, FunctionRef<bool(DirectoryIndex)> visit) const;
  // Every name of the object with the directory that holds it, until `visit` answers false; it may
  // not call the catalog.
  Status names_of(ObjectId object,
                  FunctionRef<bool(DirectoryIndex directory, std::string_view name)> visit) const;
  ObjectKey directory_key(DirectoryIndex directory) const;  // Of one that is not gone.
  // The path of a directory relative to `scope`, "" for itself; ENOENT where it is not below.
  Status directory_path(DirectoryIndex directory, DirectoryIndex scope, std::string& path) const;
  DirectoryIndex find_directory(const ObjectKey& directory) const;  // kNoDirectory: unknown.
  DirectoryIndex find_directory(ObjectId directory) const;          // The same.
  const std::vector<DirectoryEntry>& directories() const;           // By DirectoryIndex.
  // Grows with every change of names: what was computed from them before is stale. A later table
  // of the process starts above it.
  uint64_t generation() const;

  // --- Reconciliation: what changed behind VexFS. Any thread with a large stack; takes the lock
  // through `locked` for each small step, so that requests go on between.
  struct Reconciled {
    uint64_t checked = 0;        // Known names that were looked at.
    uint64_t found = 0;          // Names that were found for objects that had none.
    uint64_t lost = 0;           // Names that led elsewhere or nowhere.
    std::vector<ObjectId> dead;  // Their inodes are gone; for the caller to forget().
    bool scanned = false;        // Whether the whole tree was walked,
    bool complete = true;        // and all of it could be.
  };
  using Locked = FunctionRef<void(FunctionRef<void()> step)>;
  // kAll looks whether each known name still leads to its object. Both look after objects without a
  // name: those whose inode is gone are dead, for the others a name is sought, by a walk of the
  // whole tree if need be (once: what it did not find is not sought again before the next kAll).
  // An object that is unlinked and open is neither; call again, later.
  enum class Extent { kNameless, kAll };
  Result<Reconciled> reconcile(Locked locked, Extent extent);

 private:
  std::unique_ptr<class NameTableState> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAMES_NAME_TABLE_H_
