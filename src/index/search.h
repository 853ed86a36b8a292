// What a search over one space takes and gives; the same for the graph and the exact scan.
#ifndef VEXFS_INDEX_SEARCH_H_
#define VEXFS_INDEX_SEARCH_H_

#include <cstddef>
#include <cstdint>

#include "base/vector_space.h"

namespace vexfs::index {

// Nearest first; ties in order of slots.
struct Neighbor {
  Slot slot;
  float distance;  // Exact, of the stored vector: never that of a code.
};

// Which slots may be found: bit s of `words`. Slots from `slots` on may not.
struct SlotFilter {
  const uint64_t* words = nullptr;
  uint32_t slots = 0;
  uint32_t matches = 0;  // Bits that are set; the planner goes by it.

  bool passes(Slot slot) const {
    const auto s = static_cast<uint32_t>(slot);
    return s < slots && (words[s / 64] >> (s % 64) & 1) != 0;
  }
};

// The planner's choice.
enum class SearchPlan : uint8_t { kWalk, kWidenedWalk, kExactScan };

struct SearchOptions {
  uint32_t k = 10;                     // 1..limits::kNeighborsMax.
  uint32_t ef = 0;                     // 0: the index's default; at most limits::kEfMax.
  const SlotFilter* filter = nullptr;  // nullptr: all slots.
};

// The work that a search did, for its caller's report.
struct SearchWork {
  SearchPlan plan = SearchPlan::kWalk;
  uint32_t distances = 0;    // Of codes.
  uint32_t hops = 0;         // Rows whose links were read.
  uint32_t refinements = 0;  // Exact distances.
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_SEARCH_H_
