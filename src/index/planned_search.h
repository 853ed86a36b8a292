// A search as a whole: which plan, and what to do when it finds too few.
#ifndef VEXFS_INDEX_PLANNED_SEARCH_H_
#define VEXFS_INDEX_PLANNED_SEARCH_H_

#include <cstdint>
#include <span>

#include "index/exact_scan.h"

namespace vexfs::index {

// Candidates that a walk keeps when nobody said how many.
uint32_t default_ef(uint32_t size, uint32_t k);

// Finds up to k nearest and returns how many: k, or all that there are. `ef` is at least k. How
// well a walk finds them grows with `ef`; that there are k of them does not depend on it.
uint32_t planned_search(const SearchContext& context, uint32_t ef, std::span<Neighbor> out);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_PLANNED_SEARCH_H_
