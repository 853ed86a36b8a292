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

// Greedily from the entry down to `layer` (>= 0): the nearest slot found on the layer above it, or
// the entry itself. The graph is not empty.
Candidate descend(const Walk& walk, Entry entry, uint32_t layer);

// The best of what is reachable from `start` on a layer, as many as `pool` holds.
void walk_layer(const Walk& walk, uint32_t layer, Candidate start, CandidatePool& pool);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_WALK_H_
