// The walk: from a slot to the slots near a query, along links, on codes.
#ifndef VEXFS_INDEX_WALK_H_
#define VEXFS_INDEX_WALK_H_

#include <cstdint>

#include "index/candidate_pool.h"
#include "index/code_column.h"
#include "index/graph.h"
#include "index/search.h"
#include "index/search_memory.h"

namespace vexfs::index {

// What every step of a walk needs. Iterative; works in `memory` only.
struct Walk {
  const Graph& graph;
  const CodeColumn& codes;
  const CodeQuery& query;
  SearchScratch::Memory& memory;
  SearchWork& work;
};

// A walk that was at its pool's best already goes on from so many slots at once: it would come to
// most of them anyhow, and their codes are then on the way together.
inline constexpr uint32_t kSlotsAtOnce = 6;
inline constexpr uint32_t kBestBefore = 2;

// Calls go(candidate) for the next candidates of `pool` that were not visited, from the place
// `next` on, until it returns false. Those for which it returned true are marked as visited.
template <typename Go>
void go_on(CandidatePool& pool, uint32_t next, Go go) {
  uint32_t left = next < kBestBefore ? 1 : kSlotsAtOnce;
  for (uint32_t i = next; i < pool.size() && left > 0; ++i) {
    if (pool[i].visited()) continue;
    if (!go(pool[i])) return;
    pool[i].set_visited();
    --left;
  }
}

// Whether what a row of layer 0 may add still fits into a batch of `count`.
inline bool batch_has_room(const Walk& walk, uint32_t count) {
  return count + 2 * walk.graph.m() <= kBatchMax;
}

// Descends greedily from the entry to `layer` (>= 0). Returns the nearest slot found on the layer
// above it, or the entry itself. The graph is not empty.
Candidate descend(const Walk& walk, Entry entry, uint32_t layer);

// Fills `pool` with the nearest slots that are found from `start` on a layer, as many as it holds.
void walk_layer(const Walk& walk, uint32_t layer, Candidate start, CandidatePool& pool);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_WALK_H_
