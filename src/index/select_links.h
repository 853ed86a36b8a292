// Which of the nearest candidates a slot links to.
#ifndef VEXFS_INDEX_SELECT_LINKS_H_
#define VEXFS_INDEX_SELECT_LINKS_H_

#include <cstdint>

#include "index/candidate_pool.h"
#include "index/code_column.h"
#include "index/search_memory.h"

namespace vexfs::index {

// Algorithm 4 of the paper: a candidate is taken unless one that was taken before is nearer to it
// than the slot is, so that links lead in different directions. `candidates` are ordered by their
// distance to the slot. At most `max` links go to memory.selected; returns how many. Computes a
// distance for each pair of a candidate and a chosen link, in codes.
uint32_t select_links(const CodeColumn& codes, const CandidatePool& candidates, uint32_t max,
                      SearchScratch::Memory& memory);

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_SELECT_LINKS_H_
