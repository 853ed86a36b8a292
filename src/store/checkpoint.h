// Checkpoints: images of a space's indexes (graph, words), which are derived data. A checkpoint is
// replaced whole, and checked before use.
#ifndef VEXFS_STORE_CHECKPOINT_H_
#define VEXFS_STORE_CHECKPOINT_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/fd.h"
#include "base/file_io.h"
#include "base/status.h"
#include "base/vector_space.h"
#include "store/checkpoint_format.h"
#include "store/rows.h"

namespace vexfs::store {

// A numbered part of a checkpoint. The index decides what it holds.
struct CheckpointSection {
  uint32_t number;
  std::span<const std::byte> bytes;
};

// Writes `<kind>.<n>` beside the others of its kind, syncs it, renames it into place and removes
// older ones. docs/format.md says what the sections are. The caller keeps writers from changing
// them meanwhile. ENOSPC leaves the older checkpoint.
Status write_checkpoint(FileIo& io, const Fd& space_directory, CheckpointKind kind,
                        const SpaceParameters& parameters, ChangeNumber last_change,
                        std::span<const CheckpointSection> sections);

// A checkpoint, mapped privately: pages may be changed and stay ours, the file never changes.
struct MappedCheckpoint {
  ChangeNumber last_change = 0;
  struct Section {
    uint32_t number;
    std::span<std::byte> bytes;  // Starts at a page boundary.
  };
  std::vector<Section> sections;
  uint64_t bytes = 0;
  int64_t written_at = 0;         // Seconds since the epoch.
  std::function<void()> release;  // Unmaps; the holder calls it once.
};

// The newest checkpoint of this kind whose header and checksums hold and that was made with these
// parameters; damaged ones are named in the log and passed over. ENOENT when there is none.
Result<MappedCheckpoint> map_newest_checkpoint(FileIo& io, const Fd& space_directory,
                                               CheckpointKind kind,
                                               const SpaceParameters& parameters);

Status remove_checkpoints(FileIo& io, const Fd& space_directory, CheckpointKind kind);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CHECKPOINT_H_
