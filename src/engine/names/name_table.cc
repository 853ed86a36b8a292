// What each change of the tree means for the known names.
//
// A rename is recorded here: renamed() changes what two names lead to, in the catalog's open
// transaction and in the table of directories. A directory that moves takes one row with it,
// however many files are below, since names are (parent, name) and not paths.
//
// The kernel holds its locks on the directories of a mount until our answer, so while a change is
// recorded no other request can change the same names. Changes come one after another, but what was
// learned by looking at the tree may be newer than the change that is recorded next.
#include "engine/names/name_table.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "engine/names/name_rekey.h"
#include "engine/names/name_table_state.h"

namespace vexfs::engine {
namespace {

// What a rename is about, as far as it is known.
struct Move {
  const ObjectKey& old_parent;
  std::string_view old_name;
  const ObjectKey& new_parent;
  std::string_view new_name;
  DirectoryIndex old_directory = kNoDirectory;
  DirectoryIndex new_directory = kNoDirectory;
  ObjectId moved = kNoObject;     // What the old name led to.
  ObjectId replaced = kNoObject;  // What the new name led to.
};

// Makes the name lead to `object`. Its directory is made known if need be; where that fails the
// object stays without this name, and reconcile() will find it.
Status lead_in(NameTableState& state, DirectoryIndex directory, const ObjectKey& key,
               std::string_view name, ObjectId object) {
  if (directory == kNoDirectory || !state.connected(directory)) {
    if (object == kNoObject && directory == kNoDirectory) return {};
    const auto ensured = state.ensure_directory(key);
    if (ensured.ok()) directory = ensured.value();
  }
  return directory == kNoDirectory ? Status() : state.lead(directory, name, object);
}

Status drop(NameTableState& state, DirectoryIndex directory, std::string_view name) {
  return directory == kNoDirectory ? Status() : state.lead(directory, name, kNoObject);
}

// Removes the object if it is a directory without a name: one that a rename has replaced, or that
// rmdir has removed.
Status remove_if_directory(NameTableState& state, ObjectId object) {
  const DirectoryIndex directory = state.directories.find(object);
  if (directory == kNoDirectory || state.directories.at(directory).parent != kNoDirectory)
    return {};
  return state.remove_directory(directory);
}

// The known object that the name leads to in the tree; `believed` where the tree does not say.
Result<ObjectId> truth(NameTableState& state, const ObjectKey& parent, std::string_view name,
                       ObjectId believed) {
  const auto key = state.look(parent, name);
  if (key.ok()) return state.known(key.value());
  return key.error() == ENOENT ? kNoObject : believed;
}

// The careful way of a rename, for when the names do not say what was where: object_for() and
// ensure_directory() ask the tree, so they may have seen a rename before it is recorded here. The
// tree is asked what is at both names now, which cannot change before the kernel has our answer.
Status settle(NameTableState& state, const Move& move, bool exchange) {
  VEXFS_TRY(at_new, truth(state, move.new_parent, move.new_name, move.moved));
  const ObjectId back = exchange ? move.replaced : kNoObject;
  VEXFS_TRY(at_old, truth(state, move.old_parent, move.old_name, back));
  VEXFS_CHECK_OK(lead_in(state, move.new_directory, move.new_parent, move.new_name, at_new));
  VEXFS_CHECK_OK(lead_in(state, move.old_directory, move.old_parent, move.old_name, at_old));
  if (exchange || move.replaced == kNoObject) return {};
  return remove_if_directory(state, move.replaced);
}

// The usual way of a rename: without a look at the tree.
Status rename_known(NameTableState& state, const Move& move) {
  VEXFS_CHECK_OK(lead_in(state, move.new_directory, move.new_parent, move.new_name, move.moved));
  VEXFS_CHECK_OK(drop(state, move.old_directory, move.old_name));
  return move.replaced == kNoObject ? Status() : remove_if_directory(state, move.replaced);
}

}  // namespace

NameTable::NameTable(store::Catalog& catalog, tree::Tree& tree, NameEvents& events)
    : state_(std::make_unique<NameTableState>(catalog, tree, events)) {}

NameTable::~NameTable() = default;

Status NameTable::linked(const ObjectKey& parent, std::string_view name, const ObjectKey& object) {
  ++state_->changes;
  const DirectoryIndex directory = state_->directories.find(parent);
  VEXFS_TRY(known, state_->known(object));
  if (known == kNoObject) return drop(*state_, directory, name);
  return lead_in(*state_, directory, parent, name, known);
}

Status NameTable::unlinked(const ObjectKey& parent, std::string_view name) {
  ++state_->changes;
  const DirectoryIndex directory = state_->directories.find(parent);
  if (directory == kNoDirectory) return {};
  VEXFS_TRY(object, state_->known_at(directory, name));
  if (object == kNoObject) return {};
  VEXFS_CHECK_OK(state_->lead(directory, name, kNoObject));
  return remove_if_directory(*state_, object);
}

Status NameTable::renamed(const ObjectKey& old_parent, std::string_view old_name,
                          const ObjectKey& new_parent, std::string_view new_name, bool exchange) {
  ++state_->changes;
  Move move{old_parent, old_name, new_parent, new_name};
  move.old_directory = state_->directories.find(old_parent);
  move.new_directory = state_->directories.find(new_parent);
  if (move.old_directory != kNoDirectory) {
    VEXFS_TRY(moved, state_->known_at(move.old_directory, old_name));
    move.moved = moved;
  }
  if (move.new_directory != kNoDirectory) {
    VEXFS_TRY(replaced, state_->known_at(move.new_directory, new_name));
    move.replaced = replaced;
  }
  if (move.moved == kNoObject && move.replaced == kNoObject) return {};
  if (exchange || move.moved == kNoObject || move.moved == move.replaced) {
    return settle(*state_, move, exchange);
  }
  return rename_known(*state_, move);
}

Result<ObjectId> NameTable::object_for(const ObjectKey& file, bool& added) {
  added = false;
  if (state_->directories.find(file) != kNoDirectory) return Status(EISDIR, "a directory");
  VEXFS_TRY(found, state_->catalog.find_object(file));
  if (found.has_value() && !state_->nameless.contains(found->id)) return found->id;
  const auto place = state_->place_of(file);
  if (found.has_value()) {
    if (place.ok())
      VEXFS_CHECK_OK(state_->lead(place.value().directory, place.value().name, found->id));
    return found->id;
  }
  uint64_t inode = 0;
  // The inode number is for reconcile(), whose walk compares numbers before keys.
  if (place.ok()) {
    if (S_ISDIR(place.value().mode)) return Status(EISDIR, "a directory");
    inode = place.value().inode;
  } else if (place.error() == EISDIR) {
    return place.status();
  } else if (const auto fd = state_->tree.open(file, O_PATH | O_NOFOLLOW); fd.ok()) {
    struct stat stat;
    if (::fstat(fd.value().get(), &stat) == 0) inode = stat.st_ino;
  }
  VEXFS_TRY(object, state_->catalog.add_object(file, store::ObjectKind::kFile, inode));
  state_->nameless.emplace(object, false);
  added = true;
  if (!place.ok()) return object;
  // On failure it stays without a name, and the next call tries again.
  (void)state_->lead(place.value().directory, place.value().name, object);
  return object;
}

Result<ObjectId> NameTable::object_at(const ObjectKey& directory, std::string_view name,
                                      const ObjectKey& file, uint64_t inode, bool& added) {
  added = false;
  VEXFS_TRY(found, state_->catalog.find_object(file));
  const auto ensured = state_->ensure_directory(directory);
  if (!ensured.ok()) return object_for(file, added);
  if (found.has_value()) {
    VEXFS_TRY(now, state_->known_at(ensured.value(), name));
    if (now == found->id) return now;
  }
  // The file may have moved since the caller saw it. While the lock is held no rename is recorded,
  // so what is seen now is not older than the names.
  const auto there = state_->look(directory, name);
  if (!there.ok() || !(there.value() == file)) return object_for(file, added);
  ObjectId object = found.has_value() ? found->id : kNoObject;
  if (object == kNoObject) {
    VEXFS_TRY(made, state_->catalog.add_object(file, store::ObjectKind::kFile, inode));
    object = made;
    state_->nameless.emplace(object, false);
    added = true;
  }
  VEXFS_CHECK_OK(state_->lead(ensured.value(), name, object));
  return object;
}

Status NameTable::forget(ObjectId object) {
  VEXFS_CHECK_OK(state_->catalog.remove_object(object));
  state_->nameless.erase(object);
  ++state_->generation;
  return {};
}

bool NameTable::is_nameless(ObjectId object) const { return state_->nameless.contains(object); }

size_t NameTable::nameless_objects() const { return state_->nameless.size(); }

Status NameTable::path_below(ObjectId object, DirectoryIndex scope, std::string& path) const {
  const DirectoryTable& directories = state_->directories;
  if (const DirectoryIndex self = directories.find(object); self != kNoDirectory) {
    return directories.path(self, scope, {}, path);
  }
  Status found(ENOENT, "no known name below the directory");
  VEXFS_CHECK_OK(state_->catalog.names_of(object, [&](ObjectId parent, std::string_view name) {
    const DirectoryIndex directory = directories.find(parent);
    if (directory == kNoDirectory) return true;
    const Status status = directories.path(directory, scope, name, path);
    if (status.error() != ENOENT) found = status;
    return !status.ok();
  }));
  return found;
}

Status NameTable::directories_of(ObjectId object, FunctionRef<bool(DirectoryIndex)> visit) const {
  return names_of(object,
                  [&](DirectoryIndex directory, std::string_view) { return visit(directory); });
}

Status NameTable::names_of(ObjectId object,
                           FunctionRef<bool(DirectoryIndex, std::string_view)> visit) const {
  return state_->catalog.names_of(object, [&](ObjectId parent, std::string_view name) {
    const DirectoryIndex directory = state_->directories.find(parent);
    return directory == kNoDirectory || visit(directory, name);
  });
}

Status NameTable::directory_path(DirectoryIndex directory, DirectoryIndex scope,
                                 std::string& path) const {
  return state_->directories.path(directory, scope, {}, path);
}

ObjectKey NameTable::directory_key(DirectoryIndex directory) const {
  return state_->directories.key_of(directory);
}

DirectoryIndex NameTable::find_directory(const ObjectKey& directory) const {
  return state_->directories.find(directory);
}

DirectoryIndex NameTable::find_directory(ObjectId directory) const {
  return state_->directories.find(directory);
}

const std::vector<DirectoryEntry>& NameTable::directories() const {
  return state_->directories.entries();
}

uint64_t NameTable::generation() const { return state_->generation; }

}  // namespace vexfs::engine
