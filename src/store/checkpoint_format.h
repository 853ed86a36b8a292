// The first page of a checkpoint; docs/format.md#checkpoints.
#ifndef VEXFS_STORE_CHECKPOINT_FORMAT_H_
#define VEXFS_STORE_CHECKPOINT_FORMAT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "base/vector_space.h"
#include "store/rows.h"

namespace vexfs::store {

// What is checkpointed. Each has its own magic and name of files; all else is the same.
enum class CheckpointKind : uint8_t { kGraph, kLexical };

// Little-endian, like all of the file.
struct CheckpointHeader {
  std::array<char, 8> magic;  // "VEXFSgra" or "VEXFSlex"
  uint32_t version;           // 1
  uint32_t section_count;
  uint64_t last_change;  // The index holds this change and all before it.
  int64_t written_at;    // Seconds since the epoch.
  uint64_t file_bytes;
  uint32_t dim;
  uint16_t m;
  uint16_t ef_construction;
  uint8_t metric;
  uint8_t element;
  std::array<uint8_t, 10> zeros;
  uint32_t crc32c;  // Of this struct, this field as 0, and the table of sections behind it.
};
static_assert(sizeof(CheckpointHeader) == 64);

struct CheckpointSectionEntry {
  uint32_t number;
  uint32_t crc32c;  // Of its bytes.
  uint64_t offset;  // A multiple of kCheckpointPageBytes.
  uint64_t bytes;
};
static_assert(sizeof(CheckpointSectionEntry) == 24);

inline constexpr uint32_t kCheckpointVersion = 1;
inline constexpr uint64_t kCheckpointPageBytes = 4096;
inline constexpr size_t kCheckpointSectionsMax = 32;
static_assert(sizeof(CheckpointHeader) + kCheckpointSectionsMax * sizeof(CheckpointSectionEntry) <=
                  kCheckpointPageBytes,
              "header and table are one page");

// The first page of a checkpoint with these sections. The header's counts, parameters and checksum
// are filled in here.
std::vector<std::byte> make_checkpoint_page(CheckpointKind kind, const SpaceParameters& parameters,
                                            ChangeNumber last_change, int64_t written_at,
                                            uint64_t file_bytes,
                                            std::span<const CheckpointSectionEntry> sections);

struct CheckpointPage {
  ChangeNumber last_change = 0;
  int64_t written_at = 0;
  std::vector<CheckpointSectionEntry> sections;
};
// Checked against the kind, the file's size and the parameters: each section lies within the file,
// behind the first page and at a page's start, and no number comes twice. EUCLEAN, ENOTSUP for a
// newer version, ESTALE for other parameters.
Result<CheckpointPage> read_checkpoint_page(CheckpointKind kind, std::span<const std::byte> page,
                                            uint64_t file_bytes, const SpaceParameters& parameters);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_CHECKPOINT_FORMAT_H_
