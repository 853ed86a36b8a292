// The ids of the surface's nodes. They are computed from the directory's id or the result's place,
// so nothing is stored for them and a FORGET has nothing to do.
//
//   bit 63, 62   1 0: a node of a directory's `.vexfs`   1 1: a directory of results, or an entry
//   .vexfs       instance 24 bits | id of the directory 34 | SurfaceFile 4
//   results      generation 44 bits | slot of the ResultTable 8 | entry 10
//
// Entry 0 is the directory of results itself, the last one is its `.changes`.
#ifndef VEXFS_FS_SURFACE_SURFACE_NODE_H_
#define VEXFS_FS_SURFACE_SURFACE_NODE_H_

#include <cstdint>

#include "base/limits.h"
#include "fs/backing/node.h"

namespace vexfs::fs {

enum class SurfaceFile : uint32_t {
  kDirectory = 0,  // `.vexfs` itself.
  kStatus = 1,
  kStack = 2,
  kMetrics = 3,
  kQuery = 4,
  kQueryF32 = 5,
  kControl = 6,
  kSimilar = 7,
  kSearch = 8,
  kSaved = 9,
};

namespace surface_bits {
inline constexpr unsigned kFile = 4;
inline constexpr unsigned kDirectory = 34;
inline constexpr unsigned kInstance = 24;
inline constexpr unsigned kEntry = 10;
inline constexpr unsigned kSlot = 8;
inline constexpr unsigned kGeneration = 44;
static_assert(kFile + kDirectory + kInstance == 62 && kEntry + kSlot + kGeneration == 62);
static_assert(uint64_t{1} << kDirectory > uint64_t{UINT32_MAX} + 4, "any id of the NodeTable");
static_assert(limits::kResultDirectoriesMax <= size_t{1} << kSlot);
static_assert(limits::kHitsMax < (size_t{1} << kEntry) - 1, "entries count from 1");
}  // namespace surface_bits

inline constexpr uint64_t kResultBit = uint64_t{1} << 62;

inline bool is_result(NodeId node) {
  constexpr uint64_t kBoth = kSurfaceBit | kResultBit;
  return (static_cast<uint64_t>(node) & kBoth) == kBoth;
}

// --- `.vexfs` and what is in it. Nodes of different instances are the same file to VexFS, and
// different inodes to the kernel.
inline NodeId surface_node(NodeId directory, SurfaceFile file, uint32_t instance = 0) {
  using namespace surface_bits;
  const uint64_t wrapped = instance & ((uint32_t{1} << kInstance) - 1);
  return NodeId{kSurfaceBit | wrapped << (kFile + kDirectory) |
                static_cast<uint64_t>(directory) << kFile | static_cast<uint64_t>(file)};
}
inline SurfaceFile file_of(NodeId node) {
  constexpr uint64_t kMask = (uint64_t{1} << surface_bits::kFile) - 1;
  return static_cast<SurfaceFile>(static_cast<uint64_t>(node) & kMask);
}
inline NodeId directory_of(NodeId node) {
  constexpr uint64_t kMask = (uint64_t{1} << surface_bits::kDirectory) - 1;
  return NodeId{static_cast<uint64_t>(node) >> surface_bits::kFile & kMask};
}

// --- Results.
struct ResultId {
  uint64_t generation;
  uint32_t slot;
  uint32_t entry;  // From 1; 0 is the directory.
};
inline constexpr uint32_t kChangesEntry = (uint32_t{1} << surface_bits::kEntry) - 1;
inline NodeId result_node(const ResultId& id) {
  using namespace surface_bits;
  return NodeId{kSurfaceBit | kResultBit | id.generation << (kEntry + kSlot) |
                uint64_t{id.slot} << kEntry | id.entry};
}
inline ResultId result_id(NodeId node) {
  using namespace surface_bits;
  const auto bits = static_cast<uint64_t>(node);
  return {bits >> (kEntry + kSlot) & ((uint64_t{1} << kGeneration) - 1),
          static_cast<uint32_t>(bits >> kEntry & ((uint64_t{1} << kSlot) - 1)),
          static_cast<uint32_t>(bits & ((uint64_t{1} << kEntry) - 1))};
}

inline bool is_saved(NodeId node) {
  return is_surface(node) && !is_result(node) && file_of(node) == SurfaceFile::kSaved;
}

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_SURFACE_NODE_H_
