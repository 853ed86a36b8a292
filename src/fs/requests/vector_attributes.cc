// The attribute calls, from nodes of the mount to keys of the engine.
#include "fs/requests/vector_attributes.h"

#include <sys/stat.h>
#include <sys/xattr.h>

#include <cstring>

#include "fs/requests/vector_hooks.h"

namespace vexfs::fs {
namespace {

using engine::Engine;
using store::ObjectKey;

// EOPNOTSUPP for what cannot carry vectors. Not inlined, so that the handle on its stack is gone
// when the engine is called.
[[gnu::noinline]] Result<ObjectKey> key_of_file(FileSystem& fs, NodeId node) {
  if (node == kRootNode) return Status(EOPNOTSUPP, "directories carry no vectors");
  FileHandle ignored;
  VEXFS_TRY(info, fs.backing.nodes().handle_of(node, ignored));
  if (info.type != S_IFREG) return Status(EOPNOTSUPP, "only regular files carry vectors");
  Result<ObjectKey> key = fs.tree->key_of_node(node);
  if (key.error() == EXDEV) return Status(EOPNOTSUPP, "the file is on another filesystem");
  return key;
}

// A file that cannot have the attribute is treated as one that has none.
Status absent_if_unsupported(const Status& status) {
  return status.error() == EOPNOTSUPP ? Status(ENODATA, "no vectors") : status;
}

engine::SetMode mode_of(int flags) {
  if ((flags & XATTR_CREATE) != 0) return engine::SetMode::kCreate;
  if ((flags & XATTR_REPLACE) != 0) return engine::SetMode::kReplace;
  return engine::SetMode::kAny;
}

}  // namespace

std::string_view space_of_attribute(std::string_view name) {
  if (!name.starts_with(kVectorAttributes)) return {};
  return name.substr(kVectorAttributes.size());
}

Status set_vector_attribute(FileSystem& fs, NodeId node, std::string_view space,
                            std::span<const std::byte> value, int flags) {
  // mv, cp and their like take EOPNOTSUPP and ENODATA for a filesystem without attributes, and drop
  // the vector in silence.
  if (fs.engine == nullptr) return Status(EPERM, "the source cannot have vectors");
  const Result<ObjectKey> key = key_of_file(fs, node);
  if (key.error() == EOPNOTSUPP) return Status(EPERM, "it cannot have vectors");
  VEXFS_CHECK_OK(key.status());
  const engine::SetMode mode = mode_of(flags);
  Status set = fs.engine->set_vectors(key.value(), space, value, mode);
  const bool lacks_space = set.error() == ENODATA && mode != engine::SetMode::kReplace;
  return lacks_space ? Status(ENOENT, "no such space") : set;
}

Result<size_t> get_vector_attribute(FileSystem& fs, NodeId node, std::string_view space,
                                    std::span<std::byte> out) {
  if (fs.engine == nullptr) return Status(ENODATA, "no vectors");
  const Result<ObjectKey> key = key_of_file(fs, node);
  if (!key.ok()) return absent_if_unsupported(key.status());
  return fs.engine->get_vectors(key.value(), space, out);
}

Status remove_vector_attribute(FileSystem& fs, NodeId node, std::string_view space) {
  if (fs.engine == nullptr) return Status(ENODATA, "no vectors");
  const Result<ObjectKey> key = key_of_file(fs, node);
  if (!key.ok()) return absent_if_unsupported(key.status());
  return fs.engine->remove_vectors(key.value(), space);
}

Result<size_t> get_state_attribute(FileSystem& fs, NodeId node, std::span<char> out) {
  if (fs.engine == nullptr) return Status(ENODATA, "no texts");
  const Result<ObjectKey> key = key_of_file(fs, node);
  if (!key.ok()) return absent_if_unsupported(key.status());
  return fs.engine->text_state(key.value(), out);
}

Result<size_t> list_vector_attributes(FileSystem& fs, NodeId node, std::span<char> out) {
  if (fs.engine == nullptr) return size_t{0};
  const Result<ObjectKey> key = key_of_file(fs, node);
  if (!key.ok()) return size_t{0};
  // A list without the vectors would let backups and moves drop them.
  if (!fs.engine->has_store()) {
    const Status trouble = fs.engine->trouble();
    return trouble.ok() ? Result<size_t>(size_t{0}) : Result<size_t>(trouble);
  }
  size_t used = 0;
  bool fits = true;
  const auto append = [&](std::string_view space) {
    const size_t needed = kVectorAttributes.size() + space.size() + 1;
    fits = needed <= out.size() - used;
    if (!fits) return false;
    std::memcpy(&out[used], kVectorAttributes.data(), kVectorAttributes.size());
    std::memcpy(&out[used + kVectorAttributes.size()], space.data(), space.size());
    used += needed;
    out[used - 1] = '\0';
    return true;
  };
  VEXFS_CHECK_OK(fs.engine->spaces_of(key.value(), append));
  if (!fits) return Status(E2BIG, "more names than a list can hold");
  return used;
}

bool may_carry_vectors(FileSystem& fs, NodeId node) {
  FileHandle ignored;
  const Result<NodeInfo> info = fs.backing.nodes().handle_of(node, ignored);
  if (!info.ok() || info.value().type == S_IFDIR) return true;  // The root has no record.
  const Result<ObjectKey> key = key_of_file(fs, node);
  if (!key.ok()) return key.error() != EOPNOTSUPP;
  bool carries = false;
  const auto found = [&](std::string_view) {
    carries = true;
    return false;
  };
  const Status asked = fs.engine->spaces_of(key.value(), found);
  return carries || !asked.ok();
}

}  // namespace vexfs::fs
