// Two lists of neighbours of one query become one.
#ifndef VEXFS_ENGINE_SPACE_MERGE_NEAREST_H_
#define VEXFS_ENGINE_SPACE_MERGE_NEAREST_H_

#include <cstdint>
#include <span>

#include "index/search.h"

namespace vexfs::engine {

// The nearest of both, each slot once, at most out.size(); the count. Both are in order (nearest
// first, ties by slot), and have the same distance for the same slot. `out` overlaps neither.
uint32_t merge_nearest(std::span<const index::Neighbor> a, std::span<const index::Neighbor> b,
                       std::span<index::Neighbor> out);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_MERGE_NEAREST_H_
