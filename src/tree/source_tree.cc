// Inodes of an unmounted source, by handle or by remembered path.
#include "tree/source_tree.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "base/limits.h"
#include "base/proc_path.h"
#include "tree/open_beneath.h"

namespace vexfs::tree {
namespace {

// The path that the kernel gives for a descriptor now. It is absolute; for an inode that has no
// path (unlinked, or never looked up by name) it is a text that leads nowhere.
Result<std::string> kernel_path(int fd) {
  std::string path(limits::kSymlinkBytesMax, '\0');
  const ssize_t bytes = ::readlink(ProcPath(fd).c_str(), path.data(), path.size());
  if (bytes < 0) return errno_status("readlink");
  if (static_cast<size_t>(bytes) == path.size()) return Status(ENAMETOOLONG, "a path in /proc");
  path.resize(static_cast<size_t>(bytes));
  return path;
}

}  // namespace

Result<std::unique_ptr<SourceTree>> SourceTree::create(Fd source, Opening opening) {
  VEXFS_TRY(keys, ObjectKeys::of_source(source.get()));
  VEXFS_TRY(root_key, keys.key_of(source.get()));
  const bool by_key = opening == Opening::kBest && open_by_key(source.get(), root_key, O_PATH).ok();
  return std::unique_ptr<SourceTree>(new SourceTree(std::move(source), keys, root_key, by_key));
}

// The source may be renamed at any time, so its own path is read anew each time.
Result<std::string> SourceTree::path_of_descriptor(int fd) const {
  VEXFS_TRY(top, kernel_path(root_.get()));
  VEXFS_TRY(path, kernel_path(fd));
  if (path == top) return std::string();
  if (top != "/") top += '/';
  if (!path.starts_with(top)) return Status(ENOENT, "the file has no path below the source");
  return path.substr(top.size());
}

void SourceTree::remember(const ObjectKey& key, std::string path) {
  MutexLock lock(mutex_);
  if (const auto found = by_key_.find(key.view()); found != by_key_.end()) {
    paths_.splice(paths_.begin(), paths_, found->second);
    found->second->path = std::move(path);
    return;
  }
  if (paths_.size() >= limits::kRememberedPathsMax) {
    by_key_.erase(paths_.back().key);
    paths_.pop_back();
  }
  paths_.push_front({std::string(key.view()), std::move(path)});
  by_key_.emplace(paths_.front().key, paths_.begin());
}

std::string SourceTree::remembered(const ObjectKey& key) {
  MutexLock lock(mutex_);
  const auto found = by_key_.find(key.view());
  if (found == by_key_.end()) return {};
  paths_.splice(paths_.begin(), paths_, found->second);
  return found->second->path;
}

Result<ObjectKey> SourceTree::key_of(int fd) {
  VEXFS_TRY(key, keys_.key_of(fd));
  if (!opens_by_key_) {
    if (const auto path = path_of_descriptor(fd); path.ok()) remember(key, path.value());
  }
  return key;
}

Result<Fd> SourceTree::open(const ObjectKey& key, int flags) {
  if (key == root_key_) return open_beneath(root_.get(), "", flags);
  if (opens_by_key_) return open_by_key(root_.get(), key, flags);
  const std::string path = remembered(key);
  if (path.empty()) return Status(ENOENT, "no path of the inode is known");
  auto found = open_expected(*this, path, key, flags);
  if (found.error() == ESTALE) return Status(ENOENT, "another inode is where this one was");
  return found;
}

// A path that was seen to lead to the inode.
Result<std::string> SourceTree::checked_path(const ObjectKey& key) {
  if (!opens_by_key_) {
    std::string path = remembered(key);
    if (path.empty()) return Status(ENOENT, "no path of the inode is known");
    VEXFS_CHECK_OK(open_expected(*this, path, key, O_PATH).status());
    return path;
  }
  VEXFS_TRY(fd, open_by_key(root_.get(), key, O_PATH));
  VEXFS_TRY(path, path_of_descriptor(fd.get()));
  VEXFS_CHECK_OK(open_expected(*this, path, key, O_PATH).status());
  return path;
}

Result<std::string_view> SourceTree::path_of(const ObjectKey& key, std::span<char> buffer) {
  if (key == root_key_) return std::string_view();
  VEXFS_TRY(path, checked_path(key));
  if (path.size() > buffer.size()) return Status(ENAMETOOLONG, "a path longer than the buffer");
  std::memcpy(buffer.data(), path.data(), path.size());
  return std::string_view(buffer.data(), path.size());
}

}  // namespace vexfs::tree
