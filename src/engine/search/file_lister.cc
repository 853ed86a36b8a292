// An iterative walk: levels_ is the stack of directories between the scope and the file that comes
// next. The catalog gives the children of a directory sorted by name.
#include "engine/search/file_lister.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

// How many children are read under the storage's lock at a time.
constexpr size_t kChildrenInOneStep = 256;

}  // namespace

Result<FileList, Refusal> FileLister::list(DirectoryIndex directory, std::string_view after,
                                           uint32_t limit) {
  FileList list;
  const uint32_t files = std::min(limit, limits::kListedFilesMax);
  Status status = start(directory, after);
  if (status.ok()) status = walk(files + 1, list);
  if (!status.ok()) return Refusal(status.error(), "the catalog cannot be read");
  list.more = list.files.size() > files;
  if (list.more) list.files.resize(files);
  return list;
}

Status FileLister::start(DirectoryIndex directory, std::string_view after) {
  after_ = after;
  Status status;
  ObjectId object = kNoObject;
  std::string prefix;
  storage_.read([&](const Snapshot& now) {
    status = now.directory_path(directory, scope_.asked, prefix);
    if (status.ok()) object = now.directories()[static_cast<size_t>(directory)].object;
  });
  if (status.error() == ENOENT) return {};  // The directory was moved away meanwhile.
  VEXFS_CHECK_OK(status);
  if (!may_enter(directory)) return {};
  if (!prefix.empty()) prefix += '/';
  return enter(object, std::move(prefix));
}

// Of the names of a level, the smallest goes first: that of a child, or that of a directory that
// waits.
Status FileLister::walk(uint32_t limit, FileList& list) {
  while (!levels_.empty() && list.files.size() < limit) {
    Level& level = levels_.back();
    if (level.next == level.children.size() && !level.read_all) {
      VEXFS_CHECK_OK(read_children(level));
      continue;
    }
    const bool at_end = level.next == level.children.size();
    const std::string& name = at_end ? std::string() : level.children[level.next].name;
    if (!level.waiting.empty() && (at_end || *level.waiting.begin() < name)) {
      VEXFS_CHECK_OK(enter_waiting(level));
    } else if (at_end) {
      levels_.pop_back();
    } else {
      Child& child = level.children[level.next++];
      if (child.is_file) {
        take(level, child, list);
      } else if (may_enter(child.directory)) {
        level.waiting.insert(child.name + '/');
      }
    }
  }
  return {};
}

// Begins with a directory, unless all paths below it come before `after_`.
Status FileLister::enter(ObjectId directory, std::string prefix) {
  const bool seeks = after_.starts_with(prefix);
  if (!seeks && prefix < after_) return {};
  Level& level = levels_.emplace_back();
  level.object = directory;
  level.prefix = std::move(prefix);
  return seeks ? seek(level) : Status();
}

// Moves a level that lies on the path `after_` to the next component of that path. Directories
// whose names are a beginning of the component come before it by name, but may come behind it with
// their slash ("a" and "a/" around "a!"), so they are found one by one and wait already.
Status FileLister::seek(Level& level) {
  const std::string_view rest = std::string_view(after_).substr(level.prefix.size());
  const std::string_view name = rest.substr(0, rest.find('/'));
  level.position = name;
  Status status;
  storage_.read([&](const Snapshot& now) {
    status = [&]() -> Status {
      for (size_t bytes = 1; bytes <= name.size(); ++bytes) {
        if (bytes < name.size() && name[bytes] >= '/') continue;
        Child child;
        child.name = name.substr(0, bytes);
        VEXFS_TRY(object, now.find_name(level.object, child.name));
        if (!object.has_value()) continue;
        child.object = *object;
        VEXFS_TRY(known, now.object(*object));
        child.is_file = !known.has_value() || known->kind == store::ObjectKind::kFile;
        if (child.is_file) continue;
        VEXFS_CHECK_OK(describe(now, child));
        if (may_enter(child.directory)) level.waiting.insert(child.name + '/');
      }
      return {};
    }();
  });
  return status;
}

Status FileLister::read_children(Level& level) {
  level.children.clear();
  level.next = 0;
  Status status;
  storage_.read([&](const Snapshot& now) {
    const auto add = [&](std::string_view name, ObjectId object, store::ObjectKind kind) {
      Child& child = level.children.emplace_back();
      child.name = name;
      child.object = object;
      child.is_file = kind == store::ObjectKind::kFile;
      return level.children.size() < kChildrenInOneStep;
    };
    status = now.children_of(level.object, level.position, add);
    for (Child& child : level.children) {
      if (status.ok()) status = describe(now, child);
    }
  });
  VEXFS_CHECK_OK(status);
  level.read_all = level.children.size() < kChildrenInOneStep;
  if (!level.children.empty()) level.position = level.children.back().name;
  return {};
}

Status FileLister::describe(const Snapshot& now, Child& child) {
  VEXFS_TRY(key, now.key_of(child.object));
  if (!key.has_value()) return {};
  child.key = *key;
  if (!child.is_file) {
    child.directory = now.find_directory(*key);
    return {};
  }
  if (space_ == nullptr) return describe_text(now, child);
  return now.passages_of(space_->id, child.object, [&](const store::Passage&) {
    ++child.vectors;
    child.listed = true;
    return true;
  });
}

Status FileLister::describe_text(const Snapshot& now, Child& child) {
  VEXFS_TRY(state, now.document_state(child.object));
  child.skipped = state == store::DocumentState::kSkipped;
  child.listed = child.skipped || state == store::DocumentState::kFailed;
  if (!child.listed) return {};
  VEXFS_TRY(document, now.document(child.object));
  if (document.has_value()) child.why = std::move(document->why);
  return {};
}

bool FileLister::may_enter(DirectoryIndex directory) const {
  if (directory == kNoDirectory) return false;
  return scope_.directories == nullptr || scope_.directories->has(directory);
}

Status FileLister::enter_waiting(Level& level) {
  const std::string name = *level.waiting.begin();
  level.waiting.erase(level.waiting.begin());
  Status status;
  Child child;
  storage_.read([&](const Snapshot& now) {
    auto found = now.find_name(level.object, std::string_view(name).substr(0, name.size() - 1));
    status = found.status();
    if (!found.ok() || !found.value().has_value()) return;
    child.object = *found.value();
    status = describe(now, child);
  });
  VEXFS_CHECK_OK(status);
  // Meanwhile the name may have gone, or belong to another object.
  if (!may_enter(child.directory)) return {};
  return enter(child.object, level.prefix + name);
}

void FileLister::take(const Level& level, Child& child, FileList& list) {
  if (!child.listed) return;
  std::string path = level.prefix + child.name;
  if (path <= after_) return;
  if (resolver_.verify_path(scope_, path, child.key) != Verdict::kGood) return;
  list.files.push_back({std::move(path), child.vectors, child.skipped, std::move(child.why)});
}

}  // namespace vexfs::engine
