// An iterative walk in the order of paths; the catalog has children sorted by name.
#include "engine/search/file_lister.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

constexpr size_t kChildrenInOneStep = 256;  // Read under the storage's lock at a time.

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
  if (status.error() == ENOENT) return {};  // Moved away meanwhile.
  VEXFS_CHECK_OK(status);
  if (!may_enter(directory)) return {};
  if (!prefix.empty()) prefix += '/';
  return enter(object, std::move(prefix));
}

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

// Nothing to do where all paths below come before `after_`.
Status FileLister::enter(ObjectId directory, std::string prefix) {
  const bool seeks = after_.starts_with(prefix);
  if (!seeks && prefix < after_) return {};
  Level& level = levels_.emplace_back();
  level.object = directory;
  level.prefix = std::move(prefix);
  return seeks ? seek(level) : Status();
}

// Where the first component of the rest of `after_` would stand: directories that come before it by
// name, but behind it with their slash, wait already.
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
  if (!may_enter(child.directory)) return {};  // Another one has the name meanwhile, or none.
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
