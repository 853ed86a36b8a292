// The planner.
#include "index/planned_search.h"

#include <algorithm>

#include "index/filtered_walk.h"
#include "index/walk.h"

namespace vexfs::index {
namespace {

// A scan of so many codes costs about as much as a walk with one candidate more: the walk's slots
// lie anywhere in memory, and it looks at some 16 for each candidate.
constexpr uint32_t kScannedForCandidate = 40;
// From this share of the slots on the plain walk finds enough that pass.
constexpr double kWalkShare = 0.4;

uint32_t refined_of(uint32_t k) { return k + k / 2 + 10; }

}  // namespace

SearchPlan choose_plan(uint32_t matches, uint32_t size, uint32_t k, uint32_t ef) {
  const uint32_t candidates = std::max(ef, k);
  if (matches <= candidates * kScannedForCandidate) return SearchPlan::kExactScan;
  return matches >= kWalkShare * size ? SearchPlan::kWalk : SearchPlan::kWidenedWalk;
}

uint32_t default_ef(uint32_t size, uint32_t dim, uint32_t k) {
  (void)dim;
  const uint32_t wanted = size < 20000 ? 128 : 240;
  return std::min(std::max(wanted, 2 * k), limits::kEfMax);
}

uint32_t planned_search(const SearchContext& context, uint32_t ef, std::span<Neighbor> out) {
  SearchScratch::Memory& memory = context.memory;
  const uint32_t size = context.graph.size();
  const uint32_t matches =
      context.filter == nullptr ? size : std::min(size, context.filter->matches);
  const Entry entry = context.graph.entry();
  const CodeQuery query = context.codes.query(memory.vector, memory.codes);
  context.work.plan = choose_plan(matches, size, context.k, ef);
  if (context.work.plan != SearchPlan::kExactScan && entry.slot != kNoLink) {
    const Walk walk{context.graph, context.codes, query, memory, context.work};
    const Candidate start = descend(walk, entry, 0);
    CandidatePool pool(memory.pool, ef);
    if (context.filter == nullptr) {
      walk_layer(walk, 0, start, pool);
    } else {
      pool = filtered_walk(walk, *context.filter, start, ef,
                           context.work.plan == SearchPlan::kWidenedWalk);
    }
    const uint32_t refined = std::min(pool.size(), refined_of(context.k));
    uint32_t found = refine(context, pool, refined, out);
    if (found < context.k && refined < pool.size())  // Hidden slots were among them.
      found = refine(context, pool, pool.size(), out);
    if (found == context.k) return found;
    context.work.plan = SearchPlan::kExactScan;
  }
  return scan_codes(context, query, out);
}

}  // namespace vexfs::index
