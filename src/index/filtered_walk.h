// A walk that looks for slots that pass a filter.
#ifndef VEXFS_INDEX_FILTERED_WALK_H_
#define VEXFS_INDEX_FILTERED_WALK_H_

#include <cstdint>

#include "index/search.h"
#include "index/walk.h"

namespace vexfs::index {

// Finds the best slots that pass on layer 0, from `start`, up to `ef`. The plain walk goes through
// all slots and keeps those that pass; the widened one goes through passing slots only and looks
// two links far for them, which is less work the fewer pass. The pool lies in memory.pool.
CandidatePool filtered_walk(const Walk& walk, const SlotFilter& filter, Candidate start,
                            uint32_t ef, bool widened);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_FILTERED_WALK_H_
