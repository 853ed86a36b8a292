// Snapshot: the reads of an open store that see one moment.
#ifndef VEXFS_ENGINE_STORAGE_SNAPSHOT_H_
#define VEXFS_ENGINE_STORAGE_SNAPSHOT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "engine/names/name_table.h"
#include "store/catalog.h"

namespace vexfs::engine {

// What VectorStorageManager::read() passes to its callback: reads of the catalog and of the names,
// none of which changes anything. The catalog's methods are not const, as they reset prepared
// statements; this facade is how code above the storage can read them and cannot write.
//
// Threads: the storage mutex is held as long as the callback runs, so several reads agree with each
// other, and requests wait: read a bounded number of rows in one callback. No pointer or reference
// to a snapshot, or to what directories() returns, outlives the callback.
class Snapshot {
 public:
  Snapshot(store::Catalog& catalog, const NameTable& names) : catalog_(catalog), names_(names) {}
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // --- Objects. See store::Catalog for each.
  Result<std::optional<store::Object>> find_object(const ObjectKey& key) const {
    return catalog_.find_object(key);
  }
  Result<std::optional<store::Object>> object(ObjectId id) const { return catalog_.object(id); }
  Result<std::optional<ObjectKey>> key_of(ObjectId id) const { return catalog_.key_of(id); }
  store::ObjectId last_object() const { return catalog_.last_object(); }
  store::ChangeNumber last_change() const { return catalog_.last_change(); }

  // --- Names. See NameTable, and store::Catalog for find_name() and children_of().
  Result<std::optional<ObjectId>> find_name(ObjectId parent, std::string_view name) const {
    return catalog_.find_name(parent, name);
  }
  Status children_of(ObjectId directory, std::string_view after,
                     store::Catalog::ChildVisitor visit) const {
    return catalog_.children_of(directory, after, visit);
  }
  Status names_of(ObjectId object,
                  FunctionRef<bool(DirectoryIndex, std::string_view)> visit) const {
    return names_.names_of(object, visit);
  }
  Status path_below(ObjectId object, DirectoryIndex scope, std::string& path) const {
    return names_.path_below(object, scope, path);
  }

  // --- Directories. See NameTable.
  DirectoryIndex find_directory(const ObjectKey& directory) const {
    return names_.find_directory(directory);
  }
  DirectoryIndex find_directory(ObjectId directory) const {
    return names_.find_directory(directory);
  }
  ObjectKey directory_key(DirectoryIndex directory) const {
    return names_.directory_key(directory);
  }
  Status directory_path(DirectoryIndex directory, DirectoryIndex scope, std::string& path) const {
    return names_.directory_path(directory, scope, path);
  }
  const std::vector<DirectoryEntry>& directories() const { return names_.directories(); }
  uint64_t names_generation() const { return names_.generation(); }

  // --- Passages. See store::Catalog.
  Status passages_of(store::SpaceId space, ObjectId object,
                     store::Catalog::PassageVisitor visit) const {
    return catalog_.passages_of(space, object, visit);
  }
  Result<std::optional<store::Passage>> passage_of(store::SpaceId space, ObjectId object,
                                                   uint32_t ordinal) const {
    return catalog_.passage_of(space, object, ordinal);
  }
  Result<std::optional<store::SlotOwner>> owner_at(store::SpaceId space, Slot slot,
                                                   store::Catalog::NameVisitor visit) const {
    return catalog_.owner_at(space, slot, visit);
  }
  Status all_passages(store::SpaceId space, store::Catalog::PassageVisitor visit) const {
    return catalog_.all_passages(space, visit);
  }
  Status passages_after(store::SpaceId space, store::ChangeNumber change,
                        store::Catalog::PassageVisitor visit) const {
    return catalog_.passages_after(space, change, visit);
  }
  Status spaces_of(ObjectId object, store::Catalog::SpaceVisitor visit) const {
    return catalog_.spaces_of(object, visit);
  }

  // --- Documents. See store::Catalog.
  Result<std::optional<store::Document>> document(ObjectId object) const {
    return catalog_.document(object);
  }
  Result<std::optional<store::DocumentState>> document_state(ObjectId object) const {
    return catalog_.document_state(object);
  }
  Status documents(store::DocumentState state, ObjectId after,
                   store::Catalog::DocumentVisitor visit) const {
    return catalog_.documents(state, after, visit);
  }

  // The catalog's own check; reads all of it, on a large stack.
  Result<std::vector<std::string>> check() const { return catalog_.check(); }

 private:
  store::Catalog& catalog_;
  const NameTable& names_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SNAPSHOT_H_
