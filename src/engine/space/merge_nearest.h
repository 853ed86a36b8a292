// merge_nearest: merges two lists of neighbours of one query.
#ifndef VEXFS_ENGINE_SPACE_MERGE_NEAREST_H_
#define VEXFS_ENGINE_SPACE_MERGE_NEAREST_H_

#include <cstdint>
#include <span>

#include "index/search.h"

namespace vexfs::engine {

// Writes the nearest of both to `out`, each slot once, at most out.size(); returns how many. Both
// lists are in order (nearest first, ties by slot) and give the same slot the same distance. `out`
// overlaps neither.
uint32_t merge_nearest(std::span<const index::Neighbor> a, std::span<const index::Neighbor> b,
                       std::span<index::Neighbor> out);

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_MERGE_NEAREST_H_
