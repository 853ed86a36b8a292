// Greedy descent, and best-first search of one layer: SEARCH-LAYER, algorithm 2 of the HNSW paper
// (arXiv 1603.09320), with several candidates expanded at once when the walk is near its best.
//
// A walk is bound by memory: each hop reads codes that lie anywhere. Their lines are prefetched
// while links are read, and a walk that has been at its pool's best goes on from six slots at once.
// Measured, one thread, the same graph: 1.42 times the queries on mix768 and 1.06 on words by the
// prefetches, 1.05 on words by six slots instead of three (docs/performance.md).
#include "index/walk.h"

#include <algorithm>

namespace vexfs::index {
namespace {

// The row of a slot's links on a layer.
struct RowOf {
  const LinkRows& rows;
  uint32_t row;
};

RowOf row_of(const Graph& graph, uint32_t slot, uint32_t layer) {
  if (layer == 0) return {graph.bottom(), slot};
  return {graph.upper(), graph.upper_row(slot, layer)};
}

// Adds the linked slots that were not seen yet to the batch, behind the `count` that it holds, and
// prefetches their codes. Returns how many the batch holds then.
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

}  // namespace

// The upper part of algorithm 5 of the paper: one nearest slot a layer (ef = 1).
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

// The pool is both of the paper's sets: candidates are those that were not visited yet, and what is
// farther than its last is never looked at. `next` is the place of the first that was not visited.
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
    uint32_t count = 0;
    go_on(pool, next, [&](Candidate from) {
      if (!batch_has_room(walk, count)) return false;
      count = gather(walk, row_of(walk.graph, from.slot(), layer), stale, count);
      ++walk.work.hops;
      return true;
    });
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
