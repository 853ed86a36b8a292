// Nodes to keys, and on to the engine.
#include "fs/vector_hooks.h"

#include <linux/fs.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/log.h"
#include "fs/vector_attributes.h"

namespace vexfs::fs {
namespace {

using engine::ObjectKey;

// The key of a node that takes part in a change. What is mounted inside the source has none, and
// nothing is missed. Any other failure means that a change goes untold: the next reconciliation
// finds it.
Result<ObjectKey> key_for_change(FileSystem& fs, NodeId node) {
  Result<ObjectKey> key = fs.tree->key_of_node(node);
  if (!key.ok() && key.error() != EXDEV) {
    log(LogLevel::kWarning, "a change of names was not recorded", key.status(),
        static_cast<uint64_t>(node));
  }
  return key;
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
  const auto kind = (flags & RENAME_EXCHANGE) != 0 ? engine::Engine::Rename::kExchange
                                                   : engine::Engine::Rename::kReplace;
  fs.engine->renamed(from.value(), name, to.value(), new_name, kind);
}

void tell_permissions_changed(FileSystem& fs) {
  if (keeps_vectors(fs)) fs.engine->permissions_changed();
}

Status make_vectors_durable(FileSystem& fs, NodeId node) {
  if (!keeps_vectors(fs)) return {};
  const Status flushed = fs.engine->flush();
  if (flushed.ok() || may_carry_vectors(fs, node)) return flushed;
  return {};
}

}  // namespace vexfs::fs
