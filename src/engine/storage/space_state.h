// SpaceState: one space of an open store.
#ifndef VEXFS_ENGINE_STORAGE_SPACE_STATE_H_
#define VEXFS_ENGINE_STORAGE_SPACE_STATE_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "base/mutex.h"
#include "base/status.h"
#include "engine/space/freed_slots.h"
#include "engine/space/knn_search_engine.h"
#include "engine/storage/slot_owners.h"
#include "engine/storage/storage_mutex.h"
#include "store/rows.h"
#include "store/vector_file.h"

namespace vexfs::engine {

// Threads: the storage mutex guards it. `vectors` and `knn` are the exception: only the thread that
// opens the space sets them, they stay as they are once it is open, and what they point to has
// thread rules of its own.
struct SpaceState {
  enum class Phase { kClosed, kOpening, kOpen };

  explicit SpaceState(store::Space of) : row(std::move(of)) {}

  bool is_open() const REQUIRES(storage_mutex) { return phase == Phase::kOpen; }

  // These members of the row never change, so they are read without the mutex.
  store::SpaceId id() const NO_THREAD_SAFETY_ANALYSIS { return row.id; }
  store::Filler filler() const NO_THREAD_SAFETY_ANALYSIS { return row.filler; }
  const SpaceParameters& parameters() const NO_THREAD_SAFETY_ANALYSIS { return row.parameters; }

  store::Space row GUARDED_BY(storage_mutex);
  Phase phase GUARDED_BY(storage_mutex) = Phase::kClosed;
  // False: the space was dropped, or taken up anew after a failure.
  bool current GUARDED_BY(storage_mutex) = true;
  Status failure GUARDED_BY(storage_mutex);  // Why the last opening failed.
  std::unique_ptr<store::VectorFile> vectors;
  std::unique_ptr<KnnSearchEngine> knn;                 // It reads the vectors until it is gone.
  bool rows_written GUARDED_BY(storage_mutex) = false;  // Since the vectors were synced last.
  FreedSlots freed GUARDED_BY(storage_mutex);
  std::optional<SlotOwners> owners GUARDED_BY(storage_mutex);  // Once a search asked for them.
  uint32_t start_us GUARDED_BY(storage_mutex) = 0;             // How long opening took.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SPACE_STATE_H_
