// The planner: estimates what a walk and a scan would cost under this filter, runs the cheaper one,
// and scans exactly after all when a walk finds too few slots.
//
// A walk's cost hardly depends on the number of slots, a scan's is that of the slots that pass. So
// below a few percent a scan is cheaper and exact, then a widened walk, and from two fifths on the
// plain one. docs/performance.md has the speeds and recalls of all three by share of slots.
#include "index/planned_search.h"

#include <algorithm>

#include "index/filtered_walk.h"
#include "index/walk.h"

namespace vexfs::index {
namespace {

// Scanning so many codes costs about as much as one more candidate of a walk, which looks at some
// 16 slots that lie anywhere in memory.
constexpr uint32_t kScannedForCandidate = 40;
// A widened walk reads hundreds of links for each candidate, which costs the same in all
// dimensions; what a scanned code costs grows with 240 + dim. So a candidate is worth 111 codes
// of 100 dimensions, or 37 of 768.
constexpr uint32_t kScannedForWidened = 38000;
constexpr uint32_t kScannedFixed = 240;
// From this share of the slots on the plain walk finds enough that pass.
constexpr double kWalkShare = 0.4;

// Chooses by the number of slots that may be found, and of all slots in the graph.
SearchPlan choose_plan(uint32_t matches, uint32_t size, uint32_t ef, uint32_t dim) {
  const bool widened = matches < kWalkShare * size;
  const uint32_t scanned =
      widened ? kScannedForWidened / (kScannedFixed + dim) : kScannedForCandidate;
  if (matches <= ef * scanned) return SearchPlan::kExactScan;
  return widened ? SearchPlan::kWidenedWalk : SearchPlan::kWalk;
}

// How many of a walk's candidates get their exact distances: at most some more than k, and of those
// behind the k-th only such as may yet be among the k nearest, when codes are off by `error`. For
// ten results that is 12 instead of 25, with the same recall (docs/performance.md).
uint32_t refined_of(const SearchContext& context, const CandidatePool& pool, float error) {
  const uint32_t k = context.k;
  const uint32_t max = std::min(pool.size(), k + k / 2 + 10);
  uint32_t count = 0;
  for (uint32_t found = 0; count < max && found < k; ++count)
    found += context.admits(pool[count].slot()) ? 1 : 0;
  if (count == 0) return 0;
  const float farthest = pool[count - 1].distance() + error;
  while (count < max && pool[count].distance() <= farthest) ++count;
  return count;
}

}  // namespace

// With these a search without options has a recall of 0.96 or better on every set that
// docs/performance.md measures.
uint32_t default_ef(uint32_t size, uint32_t k) {
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
  context.work.plan = choose_plan(matches, size, ef, context.codes.shape().dim);
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
    const uint32_t refined = refined_of(context, pool, context.codes.likely_error(query));
    uint32_t found = refine(context, pool, refined, out);
    // Some of the refined candidates were hidden: those behind them get their turn.
    if (found < context.k && refined < pool.size()) found = refine(context, pool, pool.size(), out);
    // Fewer than k: the walk ended in a region without enough slots that pass.
    if (found == context.k) return found;
    context.work.plan = SearchPlan::kExactScan;
  }
  return scan_codes(context, query, out);
}

}  // namespace vexfs::index
