// SearchScratch::Memory: what a walk, a refinement and the linking of a slot work in.
#ifndef VEXFS_INDEX_SEARCH_MEMORY_H_
#define VEXFS_INDEX_SEARCH_MEMORY_H_

#include <cstddef>
#include <cstdint>

#include "base/limits.h"
#include "index/candidate_pool.h"
#include "index/search_scratch.h"
#include "index/visited_set.h"

namespace vexfs::index {

// Slots whose distances are computed at once: of several rows of links, as far as they fit, and in
// a widened walk of the rows next to them.
inline constexpr uint32_t kBatchMax = 4 * limits::kMMax;
static_assert(kBatchMax >= 3 * limits::kMMax + limits::kMMax / 4,
              "a batch holds a row of layer 0, and what a widened walk adds for one slot");

// Arrays of fixed size in one reservation of address space; pages are touched as they are needed.
struct SearchScratch::Memory {
  Memory(void* mapping, size_t mapping_bytes);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  float* vector = nullptr;         // kDimMax: the query, or the row that is being linked.
  int8_t* codes = nullptr;         // kDimMax: the same in codes.
  int8_t* other_codes = nullptr;   // kDimMax: of the candidate that selection looks at.
  Candidate* pool = nullptr;       // kEfMax + 1.
  Candidate* results = nullptr;    // kEfMax + 1: a filtered walk's, or a row's candidates.
  uint32_t* batch = nullptr;       // kBatchMax slots,
  int32_t* dots = nullptr;         // and their dot products
  float* distances = nullptr;      // and distances.
  uint32_t* selected = nullptr;    // 2 kMMax: links that were chosen,
  uint32_t* candidates = nullptr;  // kBatchMax: from among these. In a widened walk, the links of
                                   // a slot that does not pass, and such slots.
  VisitedSet visited;

 private:
  void* mapping_;
  size_t mapping_bytes_;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_SEARCH_MEMORY_H_
