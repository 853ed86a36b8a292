// EngineOptions: what a mount or a command decides about the engine. SetMode: how vectors are set.
#ifndef VEXFS_ENGINE_STORAGE_ENGINE_OPTIONS_H_
#define VEXFS_ENGINE_STORAGE_ENGINE_OPTIONS_H_

#include <cstdint>

namespace vexfs::engine {

// kCreate refuses to replace vectors, kReplace to add the first ones, as XATTR_CREATE and
// XATTR_REPLACE do.
enum class SetMode : uint8_t { kAny, kCreate, kReplace };

struct EngineOptions {
  bool read_only = false;
  unsigned build_threads = 1;
  // A mount that covers its source sees every change; otherwise names may change behind it.
  bool sees_all_changes = true;
  // How long requests wait for a store that another process has before they fail. A daemon that was
  // just unmounted needs a moment to close its store.
  uint32_t busy_wait_ms = 0;
  // How long a search waits for names that may have changed while nobody looked. After that it
  // answers with the names that are known.
  uint32_t names_wait_ms = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_ENGINE_OPTIONS_H_
