// EngineOptions: what a mount or a command decides about the engine; and modes of its calls.
#ifndef VEXFS_ENGINE_STORAGE_ENGINE_OPTIONS_H_
#define VEXFS_ENGINE_STORAGE_ENGINE_OPTIONS_H_

#include <cstdint>

namespace vexfs::engine {

// What set_vectors() does where the file has vectors of the space, or has none; as XATTR_CREATE and
// XATTR_REPLACE.
enum class SetMode : uint8_t { kAny, kCreate, kReplace };

struct EngineOptions {
  bool read_only = false;
  unsigned build_threads = 1;
  // A mount that covers its source sees every change; otherwise names may change behind it.
  bool sees_all_changes = true;
  // How long requests wait for a store that another process has, before they are told of it. A
  // daemon that was just unmounted needs a moment to close its store.
  uint32_t busy_wait_ms = 0;
  // How long a search waits for names that may have changed while nobody looked; then it answers
  // with what is known.
  uint32_t names_wait_ms = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_ENGINE_OPTIONS_H_
