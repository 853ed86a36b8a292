// Attributes of directories are kept once for all callers; sets of visible directories are kept for
// each caller. A query copies the table of directories, looks up the attributes that are missing
// while it holds no lock, and then marks each directory by its parents.
#include "engine/search/visible_directories.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/proc_path.h"
#include "tree/open_beneath.h"

namespace vexfs::engine {
namespace {

using Clock = std::chrono::steady_clock;
using Visible = VisibleDirectories::Visible;

// What permits() needs to know of a directory. Epoch 0 stands for one that was not looked up.
struct Attributes {
  ObjectId object = kNoObject;
  uint64_t epoch = 0;
  mode_t mode = 0;
  uid_t uid = 0;
  gid_t gid = 0;
  std::unique_ptr<std::vector<std::byte>> acl;
};

// A directory whose attributes are to be looked up.
struct Wanted {
  DirectoryIndex directory;
  ObjectId object;
  ObjectKey key;
  std::string path;
};

// Reads the ACL in the form that permits() takes. An ACL that cannot be read permits nothing.
std::unique_ptr<std::vector<std::byte>> read_acl(int fd) {
  std::vector<std::byte> bytes(tree::kAclBytesMax);
  const ssize_t read =
      ::getxattr(ProcPath(fd).c_str(), tree::kAclAttribute, bytes.data(), bytes.size());
  if (read < 0 && (errno == ENODATA || errno == EOPNOTSUPP)) return nullptr;
  auto acl = std::make_unique<std::vector<std::byte>>(1);
  if (read > 0) acl->assign(bytes.begin(), bytes.begin() + read);
  return acl;
}

// A directory that cannot be opened has no rights, so only root sees it.
Attributes look_up(tree::Tree& tree, const Wanted& wanted, uint64_t epoch) {
  Attributes attributes;
  attributes.object = wanted.object;
  attributes.epoch = epoch;
  auto fd = tree.open(wanted.key, O_PATH | O_DIRECTORY);
  if (!fd.ok() && !tree.reaches_all()) {
    fd = tree::open_expected(tree, wanted.path, wanted.key, O_PATH | O_DIRECTORY);
  }
  struct stat stat;
  if (!fd.ok() || ::fstat(fd.value().get(), &stat) != 0) return attributes;
  attributes.mode = stat.st_mode;
  attributes.uid = stat.st_uid;
  attributes.gid = stat.st_gid;
  attributes.acl = read_acl(fd.value().get());
  return attributes;
}

bool permits_listing(const Attributes& attributes, const tree::Credentials& caller) {
  struct stat stat = {};
  stat.st_mode = attributes.mode;
  stat.st_uid = attributes.uid;
  stat.st_gid = attributes.gid;
  const std::span<const std::byte> acl =
      attributes.acl == nullptr ? std::span<const std::byte>() : *attributes.acl;
  return tree::permits(caller, stat, acl, R_OK | X_OK);
}

// The table of directories at one moment.
struct KnownDirectories {
  uint64_t names = 0;  // The generation of names at that moment.
  std::vector<DirectoryEntry> directories;
};

// Marks a directory as in if `passes` says so of it and of all directories up to `scope`. Each is
// asked about once.
class Marking {
 public:
  Marking(const KnownDirectories& known, DirectoryIndex scope)
      : directories_(known.directories), marks_(directories_.size(), Mark::kUnknown) {
    scope_ = static_cast<size_t>(scope);
  }

  template <typename Passes>
  void run(Passes passes, Visible& visible) {
    visible.everything = true;
    for (size_t i = 0; i < directories_.size(); ++i) {
      if (directories_[i].gone) continue;
      settle(i, passes);
      if (marks_[i] == Mark::kIn) {
        visible.directories.add(DirectoryIndex{static_cast<uint32_t>(i)});
      } else {
        visible.everything = false;
      }
    }
  }

 private:
  enum class Mark : uint8_t { kUnknown, kOnTheWay, kIn, kOut };

  // Walks up to the first directory that is marked, then marks those on the way down again.
  template <typename Passes>
  void settle(size_t directory, Passes& passes) {
    way_.clear();
    Mark mark = Mark::kOut;
    for (size_t at = directory;; at = static_cast<size_t>(directories_[at].parent)) {
      const bool is_one = at < directories_.size() && !directories_[at].gone;
      if (!is_one || marks_[at] == Mark::kOnTheWay) break;  // A gap or a cycle: it is out.
      if (marks_[at] != Mark::kUnknown) {
        mark = marks_[at];
        break;
      }
      marks_[at] = Mark::kOnTheWay;
      way_.push_back(at);
      if (at != scope_) continue;
      mark = Mark::kIn;
      break;
    }
    for (; !way_.empty(); way_.pop_back()) {
      if (mark == Mark::kIn && !passes(way_.back())) mark = Mark::kOut;
      marks_[way_.back()] = mark;
    }
  }

  const std::vector<DirectoryEntry>& directories_;
  std::vector<Mark> marks_;
  std::vector<size_t> way_;
  size_t scope_;
};

}  // namespace

struct VisibleDirectories::State {
  State(tree::Tree& in, VectorStorageManager& of, bool sees_all, std::chrono::milliseconds age)
      : tree(in), storage(of), sees_all_changes(sees_all), age_max(age) {}

  // What a set of visible directories depends on.
  struct Key {
    DirectoryIndex scope;
    uid_t uid;
    uint64_t credentials;
    uint64_t epoch;
    uint64_t names;
    bool operator==(const Key&) const = default;
  };
  struct Kept {
    Key key;
    std::shared_ptr<const Visible> visible;
  };

  // Whether the attributes of this directory are known and not stale. Objects are compared, because
  // directories have other numbers after a failure of the store.
  bool knows(size_t number, const KnownDirectories& known, uint64_t wanted_epoch) const
      REQUIRES(mutex) {
    return number < attributes.size() && attributes[number].epoch >= wanted_epoch &&
           attributes[number].object == known.directories[number].object;
  }
  uint64_t current_epoch();
  std::shared_ptr<const Visible> find(const Key& key);
  void keep(const Key& key, std::shared_ptr<const Visible> visible);
  void look_up_missing(const KnownDirectories& known, DirectoryIndex scope, uint64_t epoch);
  std::vector<DirectoryIndex> missing(const KnownDirectories& known, DirectoryIndex scope,
                                      uint64_t epoch);
  void look_up_some(std::span<const DirectoryIndex> some, uint64_t epoch);

  tree::Tree& tree;
  VectorStorageManager& storage;
  const bool sees_all_changes;
  const std::chrono::milliseconds age_max;

  // Held over no system call. The storage's lock comes before it; nothing is locked under it.
  Mutex mutex;
  uint64_t epoch GUARDED_BY(mutex) = 1;  // Attributes of earlier epochs are stale.
  Clock::time_point epoch_start GUARDED_BY(mutex) = Clock::now();
  std::vector<Attributes> attributes GUARDED_BY(mutex);  // By DirectoryIndex.
  std::list<Kept> kept GUARDED_BY(mutex);                // The set that was used last comes first.
};

uint64_t VisibleDirectories::State::current_epoch() {
  const MutexLock lock(mutex);
  if (!sees_all_changes) {
    const auto now = Clock::now();
    if (now - epoch_start > age_max) {
      ++epoch;
      epoch_start = now;
    }
  }
  return epoch;
}

std::shared_ptr<const Visible> VisibleDirectories::State::find(const Key& key) {
  const MutexLock lock(mutex);
  for (auto it = kept.begin(); it != kept.end(); ++it) {
    if (!(it->key == key)) continue;
    kept.splice(kept.begin(), kept, it);
    return it->visible;
  }
  return nullptr;
}

void VisibleDirectories::State::keep(const Key& key, std::shared_ptr<const Visible> visible) {
  const MutexLock lock(mutex);
  // Nobody asks for the sets of earlier moments again.
  kept.remove_if([&](const Kept& one) {
    mutex.assert_held();
    return one.key.epoch != epoch || one.key.names < key.names || one.key == key;
  });
  kept.push_front({key, std::move(visible)});
  if (kept.size() > limits::kVisibleSetsMax) kept.pop_back();
}

// Finds the directories at or below the scope whose attributes are not known.
std::vector<DirectoryIndex> VisibleDirectories::State::missing(const KnownDirectories& known,
                                                               DirectoryIndex scope,
                                                               uint64_t wanted_epoch) {
  Visible below;
  Marking(known, scope).run([](size_t) { return true; }, below);
  std::vector<DirectoryIndex> missing;
  const MutexLock lock(mutex);
  for (size_t i = 0; i < known.directories.size(); ++i) {
    const DirectoryIndex directory{static_cast<uint32_t>(i)};
    if (!below.directories.has(directory)) continue;
    if (!knows(i, known, wanted_epoch)) missing.push_back(directory);
  }
  return missing;
}

void VisibleDirectories::State::look_up_missing(const KnownDirectories& known, DirectoryIndex scope,
                                                uint64_t wanted_epoch) {
  const std::vector<DirectoryIndex> all = missing(known, scope, wanted_epoch);
  std::span<const DirectoryIndex> rest = all;
  while (!rest.empty()) {
    const size_t count = std::min(rest.size(), limits::kReconcileStepNames);
    look_up_some(rest.first(count), wanted_epoch);
    rest = rest.subspan(count);
  }
}

void VisibleDirectories::State::look_up_some(std::span<const DirectoryIndex> some,
                                             uint64_t wanted_epoch) {
  std::vector<Wanted> wanted;
  wanted.reserve(some.size());
  storage.read([&](const Snapshot& now) {
    for (const DirectoryIndex directory : some) {
      const auto& all = now.directories();
      const auto number = static_cast<size_t>(directory);
      if (number >= all.size() || all[number].gone) continue;
      Wanted one{directory, all[number].object, now.directory_key(directory), {}};
      if (!tree.reaches_all()) {
        (void)now.directory_path(directory, kRootDirectory, one.path);
      }
      wanted.push_back(std::move(one));
    }
  });
  for (const Wanted& one : wanted) {
    Attributes found = look_up(tree, one, wanted_epoch);
    const auto number = static_cast<size_t>(one.directory);
    const MutexLock lock(mutex);
    if (number >= attributes.size()) attributes.resize(number + 1);
    if (attributes[number].epoch <= wanted_epoch) attributes[number] = std::move(found);
  }
}

VisibleDirectories::VisibleDirectories(tree::Tree& tree, VectorStorageManager& storage,
                                       bool sees_all_changes, std::chrono::milliseconds age_max)
    : state_(std::make_unique<State>(tree, storage, sees_all_changes, age_max)) {}

VisibleDirectories::~VisibleDirectories() = default;

Result<std::shared_ptr<const Visible>> VisibleDirectories::from(DirectoryIndex scope,
                                                                const tree::Credentials& caller) {
  State& state = *state_;
  const uint64_t epoch = state.current_epoch();
  State::Key key{scope, caller.uid, caller.hash(), epoch, 0};
  std::shared_ptr<const Visible> found;
  KnownDirectories known;
  state.storage.read([&](const Snapshot& now) {
    key.names = known.names = now.names_generation();
    found = state.find(key);
    if (found == nullptr) known.directories = now.directories();
  });
  if (found != nullptr) return found;
  if (!caller.sees_all()) state.look_up_missing(known, scope, epoch);

  auto visible = std::make_shared<Visible>();
  {
    const MutexLock lock(state.mutex);
    Marking(known, scope)
        .run(
            [&](size_t i) {
              if (caller.sees_all()) return true;
              state.mutex.assert_held();
              return state.knows(i, known, epoch) && permits_listing(state.attributes[i], caller);
            },
            *visible);
  }
  state.keep(key, visible);
  return std::shared_ptr<const Visible>(std::move(visible));
}

void VisibleDirectories::permissions_changed() {
  const MutexLock lock(state_->mutex);
  ++state_->epoch;
  state_->epoch_start = Clock::now();
}

}  // namespace vexfs::engine
