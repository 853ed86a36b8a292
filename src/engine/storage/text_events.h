// TextEvents: what the storage reports to those who keep the text of files; TextListeners: to whom.
#ifndef VEXFS_ENGINE_STORAGE_TEXT_EVENTS_H_
#define VEXFS_ENGINE_STORAGE_TEXT_EVENTS_H_

#include <array>
#include <memory>
#include <span>

#include "base/mutex.h"
#include "base/vector_space.h"
#include "engine/storage/storage_mutex.h"
#include "store/rows.h"

namespace vexfs::engine {

class TextEvents {
 public:
  virtual ~TextEvents() = default;
  // A name of the object was added, removed or changed. It is called under the storage mutex, on
  // request threads, and may only note it.
  virtual void renamed(store::ObjectId object) = 0;
  // Nothing refers to these slots of the space any more, and soon others will have them. It is
  // called by a thread of the engine's own, with no lock held.
  virtual void let_go(store::SpaceId space, std::span<const Slot> slots) = 0;
};

// Two at most: the index of texts, and the one that is to take its place.
//
// Threads: the storage mutex guards all of it.
class TextListeners {
 public:
  using All = std::array<std::shared_ptr<TextEvents>, 2>;

  // False: there are two already.
  bool add(std::shared_ptr<TextEvents> events) REQUIRES(storage_mutex);
  // The listener, for the caller to end it without the mutex; nullptr where it is none.
  std::shared_ptr<TextEvents> remove(const TextEvents* events) REQUIRES(storage_mutex);

  // Reports it to all. Request threads.
  void renamed(store::ObjectId object) REQUIRES(storage_mutex);
  // To report what may take locks of its own: some are nullptr.
  All all() const REQUIRES(storage_mutex) { return all_; }

 private:
  All all_ GUARDED_BY(storage_mutex);
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_TEXT_EVENTS_H_
