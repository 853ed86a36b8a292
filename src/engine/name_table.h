// NameTable: which names lead to the objects of the catalog, kept right by every change of the
// tree.
#ifndef VEXFS_ENGINE_NAME_TABLE_H_
#define VEXFS_ENGINE_NAME_TABLE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/function_ref.h"
#include "base/status.h"
#include "engine/tree.h"
#include "store/catalog.h"

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

// A directory that the catalog knows, in a dense numbering of this process: 0 is the source.
// Numbers are not used again while the table lives.
enum class DirectoryIndex : uint32_t {};
inline constexpr DirectoryIndex kRootDirectory{0};
inline constexpr DirectoryIndex kNoDirectory{UINT32_MAX};

struct DirectoryEntry {
  ObjectId object = kNoObject;
  DirectoryIndex parent = kNoDirectory;
  bool gone = false;  // Removed; nothing leads through it.
};

// Knows files that carry vectors and the directories that lead to them, nothing else. Directories
// (few) are held in memory once start() has read them; names of files stay in the catalog.
//
// Threads: one at a time, under the mutex of VectorStorageManager, which guards the catalog too.
// Stack: the methods of the first group run on request threads, within limits::kRequestStackBytes.
class NameTable {
 public:
  NameTable(store::Catalog& catalog, Tree& tree, NameEvents& events);
  ~NameTable();
  // Reads the directories. Any thread with a large stack.
  Status start();

  // --- Changes of the tree, as Engine::linked and the others tell them. Names of unknown objects
  // in unknown directories cost one or two look-ups in memory.
  Status linked(const ObjectKey& parent, std::string_view name, const ObjectKey& object);
  Status unlinked(const ObjectKey& parent, std::string_view name);
  Status renamed(const ObjectKey& old_parent, std::string_view old_name,
                 const ObjectKey& new_parent, std::string_view new_name, bool exchange);
  // The object of a file, made with the directories that lead to it when it is new. `added` tells.
  // Where no path is known yet the object is made without a name, and reconcile() finds one.
  Result<ObjectId> object_for(const ObjectKey& file, bool& added);

  // --- Paths. `path` is relative to `scope`, and is one that lies below it; a file with several
  // names may be below it more than once: then the first. ENOENT when none is.
  Status path_below(ObjectId object, DirectoryIndex scope, std::string& path) const;
  // Directories that hold a name of the object.
  Status directories_of(ObjectId object, FunctionRef<bool(DirectoryIndex)> visit) const;
  // Every name of the object with the directory that holds it, until `visit` answers false; it may
  // not call the catalog.
  Status names_of(ObjectId object,
                  FunctionRef<bool(DirectoryIndex directory, std::string_view name)> visit) const;
  // The path of a directory relative to `scope`, "" for itself; ENOENT where it is not below.
  Status directory_path(DirectoryIndex directory, DirectoryIndex scope, std::string& path) const;
  DirectoryIndex find_directory(const ObjectKey& directory) const;  // kNoDirectory: unknown.
  const std::vector<DirectoryEntry>& directories() const;           // By DirectoryIndex.
  // Grows with every change of names: what was computed from them before is stale.
  uint64_t generation() const;

  // --- Reconciliation: what changed behind VexFS. Any thread with a large stack; takes the lock
  // through `locked` for each small step, so that requests go on between.
  struct Reconciled {
    uint64_t checked = 0;  // Known names that were looked at.
    uint64_t moved = 0;    // Objects found under another name.
    uint64_t lost = 0;     // Objects without a name now; those whose inode is gone are in `dead`.
    std::vector<ObjectId> dead;
    bool scanned = false;  // Whether the whole tree had to be walked.
  };
  using Locked = FunctionRef<void(FunctionRef<void()> step)>;
  // Looks whether each known name still leads to its object; if some do not, walks the tree for
  // their inodes. When the source itself has another key than the catalog says (the tree was copied
  // or restored with its store), every object takes the key of what its path leads to now.
  Result<Reconciled> reconcile(Locked locked);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_NAME_TABLE_H_
