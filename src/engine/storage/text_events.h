// TextEvents: what the storage tells whoever keeps the text of files.
#ifndef VEXFS_ENGINE_STORAGE_TEXT_EVENTS_H_
#define VEXFS_ENGINE_STORAGE_TEXT_EVENTS_H_

#include <span>

#include "base/vector_space.h"
#include "store/rows.h"

namespace vexfs::engine {

class TextEvents {
 public:
  virtual ~TextEvents() = default;
  // A name of the object was added, removed or changed. Under the storage's mutex, on request
  // threads: it may only note it.
  virtual void renamed(store::ObjectId object) = 0;
  // Nothing refers to these slots of the space any more, and soon they are others'. No lock is
  // held; a thread of the engine's own.
  virtual void let_go(store::SpaceId space, std::span<const Slot> slots) = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_TEXT_EVENTS_H_
