// Scans: every slot is looked at, and the answer is exact.
#ifndef VEXFS_INDEX_EXACT_SCAN_H_
#define VEXFS_INDEX_EXACT_SCAN_H_

#include <cstdint>
#include <span>

#include "index/candidate_pool.h"
#include "index/code_column.h"
#include "index/exact_rows.h"
#include "index/graph.h"
#include "index/search.h"
#include "index/search_memory.h"

namespace vexfs::index {

// What a search of one query works on. `query` is memory.codes, of memory.vector.
struct SearchContext {
  const Graph& graph;
  const CodeColumn& codes;
  const ExactRows& exact;
  const SlotFilter* filter;  // nullptr: all slots.
  uint32_t k;
  SearchScratch::Memory& memory;
  SearchWork& work;

  // Whether a slot may be among the results.
  bool admits(uint32_t slot) const {
    return graph.findable(slot) && (filter == nullptr || filter->passes(Slot{slot}));
  }
};

// All functions here write results to `out`, nearest first, and return how many there are.
//
// The k nearest of all vectors, by exact distances alone: what everything else is tested against.
uint32_t scan_vectors(const SearchContext& context, std::span<Neighbor> out);

// The k nearest of these slots, in the index or not. kNoSlot is passed over.
uint32_t scan_slots(const SearchContext& context, std::span<const Slot> slots,
                    std::span<Neighbor> out);

// As scan_vectors, by scanning codes and refining what may be among the k: where the codes leave a
// doubt, the vectors are scanned after all.
uint32_t scan_codes(const SearchContext& context, const CodeQuery& query, std::span<Neighbor> out);

// The exact distances of the first `count` candidates, and the best k of those that may be found.
uint32_t refine(const SearchContext& context, const CandidatePool& candidates, uint32_t count,
                std::span<Neighbor> out);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_EXACT_SCAN_H_
