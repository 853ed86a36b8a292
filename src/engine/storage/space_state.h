// SpaceState: one space of an open store.
#ifndef VEXFS_ENGINE_STORAGE_SPACE_STATE_H_
#define VEXFS_ENGINE_STORAGE_SPACE_STATE_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "base/status.h"
#include "engine/space/freed_slots.h"
#include "engine/space/knn_search_engine.h"
#include "engine/storage/slot_owners.h"
#include "store/rows.h"
#include "store/vector_file.h"

namespace vexfs::engine {

// Guarded by the mutex of VectorStorageManager, but for what lies behind `vectors` and `knn` once
// the space is open: then both pointers stay as they are.
struct SpaceState {
  enum class Phase { kClosed, kOpening, kOpen };

  bool is_open() const { return phase == Phase::kOpen; }

  store::Space row;
  Phase phase = Phase::kClosed;
  bool current = true;  // False: dropped, or taken up anew after a failure.
  Status failure;       // Why the last opening failed.
  std::unique_ptr<store::VectorFile> vectors;
  std::unique_ptr<KnnSearchEngine> knn;  // After vectors: reads them until it is gone.
  bool rows_written = false;             // Since the last sync of them.
  FreedSlots freed;
  std::optional<SlotOwners> owners;  // Once a search asked for them.
  uint32_t start_us = 0;             // What opening took.
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_SPACE_STATE_H_
