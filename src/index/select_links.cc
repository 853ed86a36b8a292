// The heuristic choice of neighbours: SELECT-NEIGHBORS-HEURISTIC, algorithm 4 of the HNSW paper
// (arXiv 1603.09320), without its options to extend the candidates and to keep pruned ones. Links
// that lead in different directions keep clusters connected, where the nearest alone would not.
#include "index/select_links.h"

#include <algorithm>

namespace vexfs::index {
namespace {

// Chosen links are compared in steps, since an early one often decides.
constexpr uint32_t kStep = 8;

// Whether a link that was chosen before leads nearer to the candidate than the slot itself is.
bool is_covered(const CodeColumn& codes, Candidate candidate, uint32_t chosen,
                SearchScratch::Memory& memory) {
  const CodeQuery query = codes.row_query(candidate.slot(), memory.other_codes);
  for (uint32_t first = 0; first < chosen; first += kStep) {
    const uint32_t count = std::min(kStep, chosen - first);
    codes.distances(query, memory.selected + first, count, memory.dots, memory.distances);
    for (uint32_t i = 0; i < count; ++i)
      if (memory.distances[i] < candidate.distance()) return true;
  }
  return false;
}

}  // namespace

uint32_t select_links(const CodeColumn& codes, const CandidatePool& candidates, uint32_t max,
                      SearchScratch::Memory& memory) {
  uint32_t chosen = 0;
  for (uint32_t i = 0; i < candidates.size() && chosen < max; ++i)
    if (!is_covered(codes, candidates[i], chosen, memory))
      memory.selected[chosen++] = candidates[i].slot();
  return chosen;
}

}  // namespace vexfs::index
