// HolePuncher: gives the disk space of freed slots back.
#ifndef VEXFS_ENGINE_STORAGE_HOLE_PUNCHER_H_
#define VEXFS_ENGINE_STORAGE_HOLE_PUNCHER_H_

#include <chrono>
#include <cstdint>

#include "base/mutex.h"
#include "engine/storage/group_commit.h"
#include "engine/storage/open_store.h"
#include "engine/storage/storage_mutex.h"

namespace vexfs::engine {

// When no vector was changed for half a second, free slots at the end of a vector file are cut off,
// and holes are punched for the others. That is done only while all changes are durable: a slot
// whose freeing is not could have its vector again after a crash.
//
// Threads: one at a time (the maintenance thread), with a large stack.
class HolePuncher {
 public:
  using Clock = GroupCommit::Clock;

  HolePuncher(OpenStore& store, GroupCommit& commit) : store_(store), commit_(commit) {}

  void run(Clock::time_point now) EXCLUDES(storage_mutex);
  // When there is something to do, as things stand; Clock::time_point::max(): nothing.
  Clock::time_point due() const REQUIRES(storage_mutex);

 private:
  // The slots from `slots_end` on were cut off in the catalog, and that is durable.
  void punch(SpaceState& space, uint32_t slots_end) EXCLUDES(storage_mutex);

  OpenStore& store_;
  GroupCommit& commit_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_HOLE_PUNCHER_H_
