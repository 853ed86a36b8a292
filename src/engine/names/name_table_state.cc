// Names in the catalog and directories in memory, changed together.
//
// These functions run on request threads. Those that need large buffers or deep calls are marked
// noinline, so that their frames are gone before the catalog writes, which needs stack as well.
#include "engine/names/name_table_state.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <cstring>

#include "base/fd.h"
#include "tree/open_beneath.h"

namespace vexfs::engine {
namespace {

constexpr int kPathAttempts = 3;  // A file may move between asking for its path and using it.

// The generation with which a table starts: above all generations of the tables before it.
uint64_t first_generation() {
  static std::atomic<uint64_t> tables{0};
  return ++tables << 40;
}

}  // namespace

NameTableState::NameTableState(store::Catalog& of, tree::Tree& in, NameEvents& to)
    : catalog(of),
      tree(in),
      events(to),
      generation(first_generation()),
      path_buffer(limits::kSymlinkBytesMax) {}

Result<ObjectId> NameTableState::known(const ObjectKey& key) {
  const DirectoryIndex directory = directories.find(key);
  if (directory != kNoDirectory) return directories.at(directory).object;
  VEXFS_TRY(object, catalog.find_object(key));
  return object.has_value() ? object->id : kNoObject;
}

Result<ObjectId> NameTableState::known_at(DirectoryIndex directory, std::string_view name) {
  VEXFS_TRY(object, catalog.find_name(directories.at(directory).object, name));
  return object.value_or(kNoObject);
}

Result<bool> NameTableState::is_named(ObjectId object) {
  bool named = false;
  VEXFS_CHECK_OK(catalog.names_of(object, [&](ObjectId, std::string_view) {
    named = true;
    return false;
  }));
  return named;
}

Result<bool> NameTableState::is_empty(ObjectId directory) {
  bool empty = true;
  VEXFS_CHECK_OK(
      catalog.children_of(directory, {}, [&](std::string_view, ObjectId, store::ObjectKind) {
        empty = false;
        return false;
      }));
  return empty;
}

Status NameTableState::lead(DirectoryIndex directory, std::string_view name, ObjectId object) {
  VEXFS_TRY(before, known_at(directory, name));
  if (before == object) return {};
  ++generation;
  if (object == kNoObject) {
    VEXFS_CHECK_OK(catalog.remove_name(directories.at(directory).object, name));
  } else {
    VEXFS_CHECK_OK(put(directory, name, object));
  }
  return before == kNoObject ? Status() : released(before, directory, name);
}

// A file may have many names; a directory has one, so its former name goes.
Status NameTableState::put(DirectoryIndex directory, std::string_view name, ObjectId object) {
  const DirectoryIndex moved = directories.find(object);
  if (moved != kNoDirectory) VEXFS_CHECK_OK(break_cycle(moved, directory));
  VEXFS_CHECK_OK(catalog.put_name(directories.at(directory).object, name, object));
  const bool had_none = nameless.erase(object) != 0;
  if (moved == kNoDirectory) {
    if (had_none) events.found(object);
    events.moved(object);
    return {};
  }
  const DirectoryIndex parent = directories.at(moved).parent;
  Status status;
  if (parent != kNoDirectory) {
    status = catalog.remove_name(directories.at(parent).object, directories.name_of(moved));
  }
  directories.move(moved, directory, name);
  return status;
}

// `moved` is about to be in `parent`. If the table says that `parent` is below `moved`, some name
// on that way is out of date, since a tree has no cycles: `parent` loses its name, and nothing
// leads to it until the tree is asked.
Status NameTableState::break_cycle(DirectoryIndex moved, DirectoryIndex parent) {
  if (!directories.is_below(parent, moved)) return {};
  const DirectoryIndex above = directories.at(parent).parent;
  if (above != kNoDirectory) {
    VEXFS_CHECK_OK(catalog.remove_name(directories.at(above).object, directories.name_of(parent)));
  }
  directories.move(parent, kNoDirectory, {});
  nameless.emplace(directories.at(parent).object, false);
  return {};
}

// After a name was taken from the object: events, and a place among the nameless if it was the
// last.
Status NameTableState::released(ObjectId object, DirectoryIndex directory, std::string_view name) {
  const DirectoryIndex released = directories.find(object);
  if (released != kNoDirectory) {
    // The directory may have got another name already.
    if (directories.at(released).parent == directory && directories.name_of(released) == name) {
      directories.move(released, kNoDirectory, {});
      nameless.emplace(object, false);
    }
    return {};
  }
  VEXFS_TRY(named, is_named(object));
  if (named) {
    events.moved(object);
  } else if (nameless.emplace(object, false).second) {
    events.lost(object);
  }
  return {};
}

// A directory with known names stays: they are of files that left it unseen, and reconcile() finds
// those by way of the object that stays.
Status NameTableState::remove_directory(DirectoryIndex directory) {
  const ObjectId object = directories.at(directory).object;
  VEXFS_TRY(empty, is_empty(object));
  if (!empty) return {};
  VEXFS_CHECK_OK(catalog.remove_object(object));
  directories.remove(directory);
  nameless.erase(object);
  ++generation;
  return {};
}

Result<DirectoryIndex> NameTableState::ensure_directory(const ObjectKey& key) {
  const DirectoryIndex known = directories.find(key);
  if (known != kNoDirectory && connected(known)) return known;
  for (int attempt = 0; attempt < kPathAttempts; ++attempt) {
    VEXFS_TRY(view, tree.path_of(key, path_buffer));
    std::string path(view);
    const auto found = directory_at(path);
    if (found.ok() && found.value() == directories.find(key)) return found;
    if (!found.ok() && found.error() != ENOENT && found.error() != ENOTDIR) return found.status();
  }
  return Status(ESTALE, "the directory is not where it was");
}

// The number of the directory behind `fd`, if it is known and connected to the source.
Result<DirectoryIndex> NameTableState::known_directory(int fd) {
  VEXFS_TRY(key, tree.key_of(fd));
  const DirectoryIndex known = directories.find(key);
  return known != kNoDirectory && connected(known) ? known : kNoDirectory;
}

Result<DirectoryIndex> NameTableState::directory_at(std::string& path) {
  DirectoryIndex reached = kRootDirectory;
  Fd at;
  for (size_t start = 0; start < path.size();) {
    size_t end = path.find('/', start);
    if (end == std::string::npos) end = path.size();
    path[end] = '\0';  // At the end of the string there is one already.
    const char* name = path.c_str() + start;
    Fd next(::openat(at.valid() ? at.get() : tree.root().get(), name,
                     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.valid()) return errno_status("openat");
    VEXFS_TRY(inside, step_into(next.get(), reached, name));
    reached = inside;
    at = std::move(next);
    start = end + 1;
  }
  return reached;
}

// Makes the directory behind `fd` known, which was found as `name` in `parent`, and its name right.
Result<DirectoryIndex> NameTableState::step_into(int fd, DirectoryIndex parent, const char* name) {
  VEXFS_TRY(directory, directory_behind(fd));
  if (directories.at(directory).parent != parent || directories.name_of(directory) != name) {
    VEXFS_CHECK_OK(lead(parent, name, directories.at(directory).object));
  }
  return directory;
}

// The directory behind `fd`, made without a name if it is not known yet.
[[gnu::noinline]] Result<DirectoryIndex> NameTableState::directory_behind(int fd) {
  VEXFS_TRY(key, tree.key_of(fd));
  const DirectoryIndex known = directories.find(key);
  return known != kNoDirectory ? known : make_directory(fd, key);
}

[[gnu::noinline]] Result<DirectoryIndex> NameTableState::make_directory(int fd,
                                                                        const ObjectKey& key) {
  struct stat stat;
  if (::fstat(fd, &stat) != 0) return errno_status("fstat");
  if (!S_ISDIR(stat.st_mode)) return Status(ENOTDIR, "no directory");
  // An earlier call may have added the object and failed afterwards.
  VEXFS_TRY(object, catalog.find_object(key));
  ObjectId id = object.has_value() ? object->id : kNoObject;
  if (id == kNoObject) {
    VEXFS_TRY(added, catalog.add_object(key, store::ObjectKind::kDirectory, stat.st_ino));
    id = added;
  }
  VEXFS_TRY(made, directories.add(id, key, kNoDirectory, {}));
  nameless.emplace(id, false);
  return made;
}

Result<NameTableState::Place> NameTableState::place_at(const std::string& path,
                                                       const ObjectKey& key) {
  if (path.empty()) return Status(EISDIR, "the source itself");
  const size_t slash = path.rfind('/');
  std::string above = slash == std::string::npos ? std::string() : path.substr(0, slash);
  Place place;
  place.name = path.substr(slash + 1);
  VEXFS_CHECK_OK(look_at(above, key, place));
  if (place.directory == kNoDirectory) {
    VEXFS_TRY(made, directory_at(above));
    place.directory = made;
  }
  return place;
}

// Looks at place.name in the directory at a path: ESTALE unless the inode with that key is there.
[[gnu::noinline]] Status NameTableState::look_at(const std::string& path, const ObjectKey& key,
                                                 Place& place) {
  VEXFS_TRY(parent, tree::open_beneath(tree.root().get(), path, O_PATH | O_DIRECTORY));
  VEXFS_TRY(known, known_directory(parent.get()));
  place.directory = known;
  const Fd file(::openat(parent.get(), place.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid()) return errno_status("openat");
  VEXFS_CHECK_OK(expect(file.get(), key));
  struct stat stat;
  if (::fstat(file.get(), &stat) != 0) return errno_status("fstat");
  place.inode = stat.st_ino;
  place.mode = stat.st_mode;
  return {};
}

[[gnu::noinline]] Status NameTableState::expect(int fd, const ObjectKey& key) {
  VEXFS_TRY(found, tree.key_of(fd));
  return found == key ? Status() : Status(ESTALE, "the path leads to another inode");
}

Result<NameTableState::Place> NameTableState::place_of(const ObjectKey& key) {
  for (int attempt = 0; attempt < kPathAttempts; ++attempt) {
    VEXFS_TRY(view, tree.path_of(key, path_buffer));
    auto place = place_at(std::string(view), key);
    if (place.ok() || (place.error() != ENOENT && place.error() != ESTALE)) return place;
  }
  return Status(ENOENT, "the inode is not where it was");
}

Result<ObjectKey> NameTableState::look(const ObjectKey& directory, std::string_view name) {
  if (name.size() >= name_buffer.size()) return Status(ENAMETOOLONG, "a name");
  VEXFS_TRY(parent, tree.open(directory, O_PATH | O_DIRECTORY));
  std::memcpy(name_buffer.data(), name.data(), name.size());
  name_buffer[name.size()] = '\0';
  const Fd fd(::openat(parent.get(), name_buffer.data(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return errno_status("openat");
  return tree.key_of(fd.get());
}

}  // namespace vexfs::engine
