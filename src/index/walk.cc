// Descent and best-first walk.
#include "index/walk.h"

#include <algorithm>

namespace vexfs::index {
namespace {

// A walk that was at its pool's best already goes on along the links of so many slots at once: it
// would come to most of them anyhow, and their codes are then on the way together.
constexpr uint32_t kSlotsAtOnce = 3;
constexpr uint32_t kBestBefore = 2;

// The row of a slot's links on a layer.
struct RowOf {
  const LinkRows& rows;
  uint32_t row;
};

RowOf row_of(const Graph& graph, uint32_t slot, uint32_t layer) {
  if (layer == 0) return {graph.bottom(), slot};
  return {graph.upper(), graph.upper_row(slot, layer)};
}

// The linked slots that were not seen yet go into the batch, behind the `count` that it holds;
// their codes are on the way. How many it holds then.
uint32_t gather(const Walk& walk, const RowOf& from, bool stale, uint32_t count) {
  if (from.row == Graph::kNoRow) return count;
  VisitedSet& visited = walk.memory.visited;
  uint32_t* const batch = walk.memory.batch;
  from.rows.read(from.row, [&](uint32_t slot) {
    if (!visited.insert(slot)) return;
    if (stale && !walk.graph.contains(slot)) return;
    if (count == kBatchMax) return;
    batch[count++] = slot;
    walk.codes.prefetch(slot);
  });
  return count;
}

// From the slot at `next`, which was not visited, and perhaps the next ones.
uint32_t gather_next(const Walk& walk, uint32_t layer, CandidatePool& pool, uint32_t next,
                     bool stale) {
  const uint32_t room_for = kBatchMax - 2 * walk.graph.m();
  uint32_t left = next < kBestBefore ? 1 : kSlotsAtOnce;
  uint32_t count = 0;
  for (uint32_t i = next; i < pool.size() && left > 0 && count <= room_for; ++i) {
    if (pool[i].visited()) continue;
    pool[i].set_visited();
    count = gather(walk, row_of(walk.graph, pool[i].slot(), layer), stale, count);
    ++walk.work.hops;
    --left;
  }
  return count;
}

}  // namespace

Candidate descend(const Walk& walk, Entry entry, uint32_t layer) {
  SearchScratch::Memory& memory = walk.memory;
  uint32_t nearest = entry.slot;
  float distance = 0;
  walk.codes.distances(walk.query, &nearest, 1, memory.dots, &distance);
  ++walk.work.distances;
  const bool stale = walk.graph.has_stale_links();
  memory.visited.insert(nearest);
  for (uint32_t at = entry.layer; at > layer; --at) {
    for (bool nearer = true; nearer;) {
      nearer = false;
      const uint32_t count = gather(walk, row_of(walk.graph, nearest, at), stale, 0);
      walk.codes.distances(walk.query, memory.batch, count, memory.dots, memory.distances);
      walk.work.distances += count;
      ++walk.work.hops;
      for (uint32_t i = 0; i < count; ++i) {
        if (memory.distances[i] >= distance) continue;
        distance = memory.distances[i];
        nearest = memory.batch[i];
        nearer = true;
      }
    }
  }
  memory.visited.clear(walk.graph.slots_end());
  return Candidate(distance, nearest);
}

void walk_layer(const Walk& walk, uint32_t layer, Candidate start, CandidatePool& pool) {
  SearchScratch::Memory& memory = walk.memory;
  const bool stale = walk.graph.has_stale_links();
  memory.visited.insert(start.slot());
  pool.insert(start);
  for (uint32_t next = 0; next < pool.size();) {
    if (pool[next].visited()) {
      ++next;
      continue;
    }
    const uint32_t count = gather_next(walk, layer, pool, next, stale);
    walk.codes.distances(walk.query, memory.batch, count, memory.dots, memory.distances);
    walk.work.distances += count;
    ++next;
    for (uint32_t i = 0; i < count; ++i) {
      const Candidate candidate(memory.distances[i], memory.batch[i]);
      if (!pool.takes(candidate)) continue;
      const uint32_t place = pool.insert(candidate);
      if (layer == 0) walk.graph.bottom().prefetch(candidate.slot());
      next = std::min(next, place);
    }
  }
  memory.visited.clear(walk.graph.slots_end());
}

}  // namespace vexfs::index
