// NameTable::reconcile(): compares the known names with the tree, and finds names for objects that
// have none. This repairs whatever happened while VexFS did not see the tree.
//
// The steps of a whole one: 1. every known directory is opened by key and its known names are
// looked up in it; a name that leads elsewhere is taken away or given to what it leads to. 2.
// Objects without a name are asked after: by key, then by the kernel's path of the inode, and at
// last by a walk of the whole tree that compares inode numbers and then keys. 3. What no longer
// exists is reported as dead; directories go here. The cost is a few system calls for each known
// name, and memory for one directory's step of names; the tree is walked only if something is still
// missing.
//
// Each step that touches the table or the catalog holds the lock; opening, looking up and walking
// do not. So a step asks again, under the lock, for what it saw without.
#include <fcntl.h>
#include <sys/stat.h>

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/limits.h"
#include "engine/names/name_table.h"
#include "engine/names/name_table_state.h"
#include "tree/open_beneath.h"
#include "tree/tree_walk.h"

namespace vexfs::engine {
namespace {

using store::Object;
using store::ObjectKind;

struct KnownName {
  std::string name;
  ObjectId object;
  ObjectKey key;
};

// An object whose name is sought by a walk of the tree.
struct Sought {
  ObjectId object;
  ObjectKey key;
  bool opens;                        // It could be opened by key, so it exists.
  uint64_t names_left = UINT64_MAX;  // Names of its inode not met yet; known once one was met.
  bool met = false;
};

class Reconciler {
 public:
  Reconciler(NameTableState& state, NameTable::Locked locked) : state_(state), locked_(locked) {}

  Status check_names();
  Status collect_nameless();
  Status look_after_nameless(NameTable::Extent extent);
  Status drop_useless_directories();
  NameTable::Reconciled& result() { return result_; }

 private:
  // Runs `step` under the lock and returns its Status.
  Status under_lock(FunctionRef<Status()> step) {
    Status status;
    locked_([&] { status = step(); });
    return status;
  }
  struct Opened {
    Fd fd;
    bool gone = false;  // The inode does not exist any more.
  };
  Status open(const ObjectKey& key, const std::string& path, int flags, Opened& opened);
  Status check_directory(DirectoryIndex directory);
  Status check_left_over();
  Status read_names(ObjectId directory, const std::string& after, std::vector<KnownName>& names);
  Status check_children(DirectoryIndex directory, ObjectId object, const Opened& opened);
  bool leads(int directory, const KnownName& name);
  Status correct(DirectoryIndex directory, ObjectId object, int fd, const KnownName& name);
  Status collect_some(ObjectId& after, bool& all);
  Status read_nameless(ObjectId object, Object& known, ObjectKey& key);
  Status look_after(ObjectId object, bool seek);
  Status bury_directory(ObjectId object);
  Status bury_some(ObjectId object, bool& more);
  Status drop_if_useless(DirectoryIndex directory);
  Status attach(ObjectId object, const ObjectKey& key, const std::string& path, bool& found);
  Status walk();
  void meet(const tree::WalkedName& name, std::pair<const uint64_t, Sought>& candidate);
  Status after_walk(bool complete, uint64_t changes_before);

  NameTableState& state_;
  const NameTable::Locked locked_;
  NameTable::Reconciled result_;
  std::unordered_set<ObjectId> looked_after_;
  std::vector<DirectoryIndex> left_over_;  // They could not be opened; perhaps they moved.
  std::unordered_multimap<uint64_t, Sought> sought_;  // By inode number.
  size_t sought_left_ = 0;
  Status walk_status_;
};

// --- Known names

Status Reconciler::check_names() {
  for (uint32_t number = 0;; ++number) {
    bool more = false;
    locked_([&] { more = number < state_.directories.entries().size(); });
    if (!more) return {};
    VEXFS_CHECK_OK(check_directory(DirectoryIndex{number}));
  }
}

// Opens a directory by its key. A tree that opens by handle says for certain that an inode is gone
// (ESTALE); one that only knows paths cannot tell gone from moved.
Status Reconciler::open(const ObjectKey& key, const std::string& path, int flags, Opened& opened) {
  auto fd = state_.tree.open(key, flags);
  if (fd.ok()) {
    opened.fd = std::move(fd).value();
    return {};
  }
  if (state_.tree.reaches_all()) {
    opened.gone = fd.error() == ESTALE;
    return opened.gone ? Status() : fd.status();
  }
  VEXFS_TRY(found, tree::open_expected(state_.tree, path, key, flags));
  opened.fd = std::move(found);
  return {};
}

Status Reconciler::check_directory(DirectoryIndex directory) {
  ObjectKey key;
  ObjectId object = kNoObject;
  std::string path;
  locked_([&] {
    if (state_.directories.at(directory).gone) return;
    object = state_.directories.at(directory).object;
    key = state_.directories.key_of(directory);
    (void)state_.directories.path(directory, kRootDirectory, {}, path);
  });
  if (object == kNoObject) return {};
  Opened opened;
  const Status status = open(key, path, O_PATH | O_DIRECTORY, opened);
  if (!status.ok()) {
    left_over_.push_back(directory);
    return {};
  }
  return check_children(directory, object, opened);
}

// Checks again the directories that could not be opened. Where only paths lead to them, one that
// moved can be opened once its new name was found.
Status Reconciler::check_left_over() {
  const std::vector<DirectoryIndex> again = std::exchange(left_over_, {});
  for (const DirectoryIndex directory : again) VEXFS_CHECK_OK(check_directory(directory));
  return {};
}

// Reads the next known names of a directory, with the keys of what they lead to. Under the lock.
Status Reconciler::read_names(ObjectId directory, const std::string& after,
                              std::vector<KnownName>& names) {
  names.clear();
  VEXFS_CHECK_OK(state_.catalog.children_of(directory, after,
                                            [&](std::string_view name, ObjectId child, ObjectKind) {
                                              names.push_back({std::string(name), child, {}});
                                              return names.size() < limits::kReconcileStepNames;
                                            }));
  for (KnownName& name : names) {
    VEXFS_TRY(key, state_.catalog.key_of(name.object));
    if (key.has_value()) name.key = *key;
  }
  return {};
}

Status Reconciler::check_children(DirectoryIndex directory, ObjectId object, const Opened& opened) {
  std::string after;
  std::vector<KnownName> names;
  for (;;) {
    VEXFS_CHECK_OK(under_lock([&] { return read_names(object, after, names); }));
    if (names.empty()) return {};
    after = names.back().name;
    for (const KnownName& name : names) {
      ++result_.checked;
      if (!opened.gone && leads(opened.fd.get(), name)) continue;
      VEXFS_CHECK_OK(under_lock([&] { return correct(directory, object, opened.fd.get(), name); }));
    }
  }
}

// Whether the name leads to its object. Where that cannot be seen (EACCES, EIO), it is believed,
// and the result is not complete.
bool Reconciler::leads(int directory, const KnownName& name) {
  const Fd fd(::openat(directory, name.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) {
    if (errno == ENOENT || errno == ENOTDIR) return false;
    result_.complete = false;
    return true;
  }
  const auto key = state_.tree.key_of(fd.get());
  return key.ok() && key.value() == name.key;
}

// Makes a known name right: it leads to what the tree has there, if that is known, else to nothing.
// Under the lock. The name may have changed since it was read, so both sides are asked again.
Status Reconciler::correct(DirectoryIndex directory, ObjectId object, int fd,
                           const KnownName& name) {
  VEXFS_TRY(now, state_.catalog.find_name(object, name.name));
  if (now != name.object || (fd >= 0 && leads(fd, name))) return {};
  ++result_.lost;
  ObjectId instead = kNoObject;
  if (fd >= 0) {
    const Fd other(::openat(fd, name.name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    const auto key = other.valid() ? state_.tree.key_of(other.get()) : Status(ENOENT, "no file");
    if (key.ok()) {
      VEXFS_TRY(known, state_.known(key.value()));
      instead = known;
    }
  }
  return state_.lead(directory, name.name, instead);
}

// --- Objects without a name

Status Reconciler::collect_nameless() {
  bool known = false;
  locked_([&] { known = state_.all_nameless_known; });
  for (ObjectId after = kNoObject; !known;) {
    VEXFS_CHECK_OK(under_lock([&] { return collect_some(after, known); }));
  }
  return {};
}

// Finds objects without a name among the next objects of the catalog. Under the lock. Directories
// are passed over, since start() has looked at all of them.
Status Reconciler::collect_some(ObjectId& after, bool& all) {
  std::vector<Object> some;
  VEXFS_CHECK_OK(state_.catalog.objects(after, [&](const Object& object) {
    some.push_back(object);
    return some.size() < limits::kReconcileStepNames;
  }));
  for (const Object& object : some) {
    after = object.id;
    if (object.kind == ObjectKind::kDirectory) continue;
    VEXFS_TRY(named, state_.is_named(object.id));
    if (!named && state_.nameless.emplace(object.id, false).second) {
      state_.events.lost(object.id);
    }
  }
  all = state_.all_nameless_known = some.empty();
  return {};
}

// Looks after objects without a name until there are no new ones: a directory that goes leaves its
// files without a name, and one that is found may be where others are.
Status Reconciler::look_after_nameless(NameTable::Extent extent) {
  for (;;) {
    std::vector<std::pair<ObjectId, bool>> some;  // Each with whether the walk seeks it.
    locked_([&] {
      for (const auto& [object, walked_in_vain] : state_.nameless) {
        if (!looked_after_.insert(object).second) continue;
        some.emplace_back(object, extent == NameTable::Extent::kAll || !walked_in_vain);
      }
    });
    const size_t left_over = left_over_.size();
    if (some.empty() && left_over == 0) break;
    for (const auto& [object, seek] : some) VEXFS_CHECK_OK(look_after(object, seek));
    if (!sought_.empty()) VEXFS_CHECK_OK(walk());
    VEXFS_CHECK_OK(check_left_over());
    if (some.empty() && left_over_.size() == left_over) break;
  }
  result_.complete = result_.complete && left_over_.empty();
  return {};
}

// Reads what is known of the object. Under the lock. `known` stays kNoObject when the object has a
// name by now.
Status Reconciler::read_nameless(ObjectId object, Object& known, ObjectKey& key) {
  if (!state_.nameless.contains(object)) return {};
  VEXFS_TRY(found, state_.catalog.object(object));
  VEXFS_TRY(found_key, state_.catalog.key_of(object));
  if (!found.has_value() || !found_key.has_value()) return {};
  known = *found;
  key = *found_key;
  return {};
}

// Decides about one object without a name: it is dead, is unlinked but open, gets the name that the
// kernel knows, or is sought by the walk.
Status Reconciler::look_after(ObjectId object, bool seek) {
  ObjectKey key;
  Object known;
  VEXFS_CHECK_OK(under_lock([&] { return read_nameless(object, known, key); }));
  if (known.id == kNoObject) return {};
  const bool is_directory = known.kind == ObjectKind::kDirectory;
  const auto fd = state_.tree.open(key, O_PATH | O_NOFOLLOW);
  struct stat stat = {};
  if (fd.ok()) {
    if (::fstat(fd.value().get(), &stat) != 0) return errno_status("fstat");
    if (stat.st_nlink == 0) return is_directory ? bury_directory(object) : Status();
  } else if (state_.tree.reaches_all()) {
    if (fd.error() != ESTALE) {
      result_.complete = false;
      return {};
    }
    if (is_directory) return bury_directory(object);
    result_.dead.push_back(object);
    return {};
  }
  bool found = false;
  VEXFS_CHECK_OK(attach(object, key, {}, found));
  if (found || !seek) return {};
  sought_.emplace(fd.ok() ? stat.st_ino : known.inode, Sought{object, key, fd.ok()});
  ++sought_left_;
  return {};
}

// Takes the directory out of the table, and before that every known name in it.
Status Reconciler::bury_directory(ObjectId object) {
  for (bool more = true; more;) {
    VEXFS_CHECK_OK(under_lock([&] { return bury_some(object, more); }));
  }
  return {};
}

// One step of that, with a bounded number of names. Under the lock.
Status Reconciler::bury_some(ObjectId object, bool& more) {
  more = false;
  const DirectoryIndex directory = state_.directories.find(object);
  if (directory == kNoDirectory) return {};
  std::vector<std::string> names;
  VEXFS_CHECK_OK(
      state_.catalog.children_of(object, {}, [&](std::string_view name, ObjectId, ObjectKind) {
        names.emplace_back(name);
        return names.size() < limits::kReconcileStepNames;
      }));
  for (const std::string& name : names) {
    ++result_.lost;
    VEXFS_CHECK_OK(state_.lead(directory, name, kNoObject));
  }
  more = !names.empty();
  return more ? Status() : state_.remove_directory(directory);
}

// Gives the object the name at `path`, or where the tree says that it is.
Status Reconciler::attach(ObjectId object, const ObjectKey& key, const std::string& path,
                          bool& found) {
  return under_lock([&]() -> Status {
    const auto place = path.empty() ? state_.place_of(key) : state_.place_at(path, key);
    if (!place.ok()) return {};
    VEXFS_TRY(now, state_.known_at(place.value().directory, place.value().name));
    found = true;
    if (now == object) return {};
    ++result_.found;
    return state_.lead(place.value().directory, place.value().name, object);
  });
}

// --- The walk

// Called for a name whose inode number is that of a sought object. Numbers are used again after an
// inode is gone, so the key decides.
void Reconciler::meet(const tree::WalkedName& name, std::pair<const uint64_t, Sought>& candidate) {
  Sought& sought = candidate.second;
  const Fd fd(::openat(name.directory, name.name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat stat;
  if (!fd.valid() || ::fstat(fd.get(), &stat) != 0) return;
  const auto key = state_.tree.key_of(fd.get());
  if (!key.ok() || !(key.value() == sought.key)) return;
  std::string path = name.path;
  if (!path.empty()) path += '/';
  path += name.name;
  bool found = false;
  walk_status_ = attach(sought.object, sought.key, path, found);
  if (!found) return;
  if (!sought.met) sought.names_left = S_ISDIR(stat.st_mode) ? 1 : stat.st_nlink;
  sought.met = true;
  if (sought.names_left > 0 && --sought.names_left == 0) --sought_left_;
}

// Walks the tree until every name of every sought object was met, or to its end.
Status Reconciler::walk() {
  uint64_t changes = 0;
  locked_([&] { changes = state_.changes; });
  result_.scanned = true;
  const auto walked = tree::walk_tree(state_.tree.root().get(), [&](const tree::WalkedName& name) {
    const auto range = sought_.equal_range(name.inode);
    for (auto it = range.first; it != range.second; ++it) meet(name, *it);
    return walk_status_.ok() && sought_left_ > 0;
  });
  VEXFS_CHECK_OK(walk_status_);
  VEXFS_CHECK_OK(walked.status());
  result_.complete = result_.complete && walked.value();
  VEXFS_CHECK_OK(after_walk(walked.value(), changes));
  sought_.clear();
  sought_left_ = 0;
  return {};
}

// Marks what the walk did not meet, so that it is not sought again before the next kAll. Where only
// paths lead to files, a walk that saw everything while nothing was moved proves that they are
// gone.
Status Reconciler::after_walk(bool complete, uint64_t changes_before) {
  std::vector<ObjectId> gone_directories;
  locked_([&] {
    const bool proof = !state_.tree.reaches_all() && complete && state_.changes == changes_before;
    for (const auto& [inode, sought] : sought_) {
      const auto entry = state_.nameless.find(sought.object);
      if (sought.met || entry == state_.nameless.end()) continue;
      entry->second = true;
      if (!proof || sought.opens) continue;
      const bool is_directory = state_.directories.find(sought.object) != kNoDirectory;
      (is_directory ? gone_directories : result_.dead).push_back(sought.object);
    }
  });
  for (const ObjectId directory : gone_directories) VEXFS_CHECK_OK(bury_directory(directory));
  return {};
}

// --- Directories that lead to nothing any more

Status Reconciler::drop_useless_directories() {
  size_t number = 0;
  locked_([&] { number = state_.directories.entries().size(); });
  // From the end on: children mostly come after their parents, whose last name they may be. Number
  // 0 is the source, which stays.
  while (--number > 0) {
    const DirectoryIndex directory{static_cast<uint32_t>(number)};
    VEXFS_CHECK_OK(under_lock([&] { return drop_if_useless(directory); }));
  }
  return {};
}

// Under the lock. A directory is in the table for the names of files that carry vectors.
Status Reconciler::drop_if_useless(DirectoryIndex directory) {
  const DirectoryEntry entry = state_.directories.at(directory);
  if (entry.gone || entry.parent == kNoDirectory) return {};
  VEXFS_TRY(empty, state_.is_empty(entry.object));
  if (!empty) return {};
  const std::string name(state_.directories.name_of(directory));
  VEXFS_CHECK_OK(state_.lead(entry.parent, name, kNoObject));
  return state_.remove_directory(directory);
}

}  // namespace

Result<NameTable::Reconciled> NameTable::reconcile(Locked locked, Extent extent) {
  Reconciler reconciler(*state_, locked);
  if (extent == Extent::kAll) VEXFS_CHECK_OK(reconciler.check_names());
  VEXFS_CHECK_OK(reconciler.collect_nameless());
  VEXFS_CHECK_OK(reconciler.look_after_nameless(extent));
  if (extent == Extent::kAll) VEXFS_CHECK_OK(reconciler.drop_useless_directories());
  return std::move(reconciler.result());
}

}  // namespace vexfs::engine
