// Nodes of the mount become keys, by which the engine knows files.
#include "fs/requests/vector_hooks.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/log.h"
#include "fs/requests/vector_attributes.h"

namespace vexfs::fs {
namespace {

using engine::Engine;
using store::ObjectKey;

// The key of a node that takes part in a change. Files of filesystems that are mounted inside the
// source have none (EXDEV), and need none. Any other failure means that the engine misses a change;
// the next reconciliation finds it.
Result<ObjectKey> key_for_change(FileSystem& fs, NodeId node) {
  Result<ObjectKey> key = fs.tree->key_of_node(node);
  if (!key.ok() && key.error() != EXDEV) {
    log(LogLevel::kWarning, "a change of names was not recorded", key.status(),
        static_cast<uint64_t>(node));
  }
  return key;
}

void tell_content(FileSystem& fs, NodeId node) {
  const Result<ObjectKey> key = key_for_change(fs, node);
  if (key.ok()) fs.engine->content_changed(key.value());
}

}  // namespace

void tell_linked(FileSystem& fs, NodeId parent, const char* name, NodeId object) {
  if (!keeps_vectors(fs)) return;
  const Result<ObjectKey> directory = key_for_change(fs, parent);
  if (!directory.ok()) return;
  const Result<ObjectKey> key = key_for_change(fs, object);
  if (key.ok()) fs.engine->linked(directory.value(), name, key.value());
}

void tell_unlinked(FileSystem& fs, NodeId parent, const char* name) {
  if (!keeps_vectors(fs)) return;
  const Result<ObjectKey> directory = key_for_change(fs, parent);
  if (directory.ok()) fs.engine->unlinked(directory.value(), name);
}

void tell_renamed(FileSystem& fs, NodeId parent, const char* name, NodeId new_parent,
                  const char* new_name, unsigned flags) {
  if (!keeps_vectors(fs)) return;
  const Result<ObjectKey> from = key_for_change(fs, parent);
  if (!from.ok()) return;
  const Result<ObjectKey> to = key_for_change(fs, new_parent);
  if (!to.ok()) return;
  const auto kind =
      (flags & RENAME_EXCHANGE) != 0 ? Engine::Rename::kExchange : Engine::Rename::kReplace;
  fs.engine->renamed(from.value(), name, to.value(), new_name, kind);
}

void tell_permissions_changed(FileSystem& fs, NodeId node) {
  if (!keeps_vectors(fs)) return;
  FileHandle ignored;
  const Result<NodeInfo> info = fs.backing.nodes().handle_of(node, ignored);
  const bool of_directory = !info.ok() || info.value().type == S_IFDIR;  // The root has no record.
  using store::ObjectKind;
  fs.engine->permissions_changed(of_directory ? ObjectKind::kDirectory : ObjectKind::kFile);
}

void tell_content_changed(FileSystem& fs, NodeId node) {
  if (!keeps_vectors(fs) || node == kRootNode) return;
  FileHandle ignored;
  const Result<NodeInfo> info = fs.backing.nodes().handle_of(node, ignored);
  if (!info.ok() || info.value().type != S_IFREG || info.value().open_for_write) return;
  tell_content(fs, node);
}

void tell_content_synced(FileSystem& fs, NodeId node) {
  if (keeps_vectors(fs)) tell_content(fs, node);
}

void tell_content_moved(FileSystem& fs, NodeId parent, const char* name) {
  if (!keeps_vectors(fs)) return;
  const Result<NodeFd> directory = fs.backing.directory(parent);
  if (!directory.ok()) return;
  const Fd fd(::openat(directory.value().get(), name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
  struct stat stat;
  if (!fd.valid() || ::fstat(fd.get(), &stat) != 0 || !S_ISREG(stat.st_mode)) return;
  const Result<ObjectKey> key = fs.tree->key_of(fd.get());
  if (key.ok()) fs.engine->content_changed(key.value());
}

ContentStamp stamp_before_open(FileSystem& fs, int fd, int flags) {
  const bool is_watched = (flags & O_ACCMODE) != O_RDONLY && (flags & O_TRUNC) == 0;
  return is_watched && keeps_vectors(fs) ? content_stamp(fd) : ContentStamp();
}

void close_and_tell(FileSystem& fs, OpenFile* file) {
  const NodeId node = file->node;
  const std::shared_ptr<const Fd> fd = file->writable ? file->fd : nullptr;
  const std::optional<ContentStamp> before = fs.backing.open_files().close(file);
  // The file is compared once the inode has no writer any more. So a change is found here that
  // tell_content_changed() did not report because there still was one.
  if (!before.has_value() || !keeps_vectors(fs) || !changed_since(*before, fd->get())) return;
  tell_content(fs, node);
}

Status make_vectors_durable(FileSystem& fs, NodeId node) {
  if (!keeps_vectors(fs)) return {};
  const Status flushed = fs.engine->flush();
  if (flushed.ok() || may_carry_vectors(fs, node)) return flushed;
  return {};
}

}  // namespace vexfs::fs
