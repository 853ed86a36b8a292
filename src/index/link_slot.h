// Linking one slot into the graph: algorithm 1 of the HNSW paper (arXiv 1603.09320).
#ifndef VEXFS_INDEX_LINK_SLOT_H_
#define VEXFS_INDEX_LINK_SLOT_H_

#include <cstdint>

#include "base/status.h"
#include "index/code_column.h"
#include "index/exact_rows.h"
#include "index/graph.h"
#include "index/search_memory.h"

namespace vexfs::index {

// What the writer's threads share.
struct Builder {
  Graph& graph;
  CodeColumn& codes;
  const ExactRows& exact;
  uint32_t ef_construction;
};

// The highest layer of a slot: layer l with probability m^-l; the same for ever.
uint32_t layer_of(uint32_t slot, uint32_t m);

// Encodes the slot's vector and links it on its layers. Memory of the columns reaches the slot
// already. A writer's thread, many at once, with a `memory` and an `owner` each. ENOMEM, ENOSPC:
// the slot is not in the graph.
Status link_slot(const Builder& builder, uint32_t slot, SearchScratch::Memory& memory,
                 RowLocks::Owner owner);

// Gives `row`, which is `slot`'s in `rows`, a link to `other`. A full row keeps those that
// select_links() chooses.
void add_link(const Builder& builder, LinkRows& rows, uint32_t row, uint32_t slot, uint32_t other,
              SearchScratch::Memory& memory, RowLocks::Owner owner);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_LINK_SLOT_H_
