// INSERT, algorithm 1 of the HNSW paper (arXiv 1603.09320), run by several threads at once beside
// searches. The slot's own links are written first, on all layers, and only then do other slots
// link to it: a search that arrives at a slot always finds links to go on by.
//
// Distances are those of codes, which is what searches go by as well. Slots that two threads link
// at the same moment may miss each other; each is linked to what was there before.
#include "index/link_slot.h"

#include <algorithm>
#include <cmath>

#include "index/select_links.h"
#include "index/walk.h"

namespace vexfs::index {
namespace {

// The finaliser of splitmix64: every bit of the slot moves every bit of the result.
uint64_t hash(uint64_t value) {
  value += 0x9e3779b97f4a7c15ULL;
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

struct Row {
  LinkRows& rows;
  uint32_t row;
};

Row row_of(Graph& graph, uint32_t slot, uint32_t layer) {
  if (layer == 0) return {graph.bottom(), slot};
  return {graph.upper(), graph.upper_row(slot, layer)};
}

// Searches for the slot's neighbours and writes its own links, on the layers from `top` down.
void choose_links(const Builder& builder, uint32_t slot, const CodeQuery& query, Entry entry,
                  uint32_t top, SearchScratch::Memory& memory, RowLocks::Owner owner) {
  SearchWork work;
  const Walk walk{builder.graph, builder.codes, query, memory, work};
  Candidate start = descend(walk, entry, top);
  for (uint32_t layer = top + 1; layer-- > 0;) {
    CandidatePool pool(memory.pool, builder.ef_construction);
    walk_layer(walk, layer, start, pool);
    start = Candidate(pool[0].distance(), pool[0].slot());
    const uint32_t count = select_links(builder.codes, pool, builder.graph.m(), memory);
    const Row own = row_of(builder.graph, slot, layer);
    LockedRow(own.rows, own.row, owner).replace(memory.selected, count);
  }
}

// Links the slot's neighbours back to it, on the same layers.
void link_back(const Builder& builder, uint32_t slot, uint32_t top, SearchScratch::Memory& memory,
               RowLocks::Owner owner) {
  for (uint32_t layer = top + 1; layer-- > 0;) {
    const Row own = row_of(builder.graph, slot, layer);
    const uint32_t count = own.rows.copy(own.row, memory.batch);
    for (uint32_t i = 0; i < count; ++i) {
      const uint32_t other = memory.batch[i];
      const Row row = row_of(builder.graph, other, layer);
      if (row.row != Graph::kNoRow)
        add_link(builder, row.rows, row.row, other, slot, memory, owner);
    }
  }
}

// Whether a slot of that layer becomes the entry.
bool rises_above(Entry entry, uint32_t layer) {
  return entry.slot == kNoLink || layer > entry.layer;
}

// Publishes the slot, whose rows are made and code is in place, and links it in both directions.
void link_both_ways(const Builder& builder, uint32_t slot, uint32_t layer, Entry entry,
                    SearchScratch::Memory& memory, RowLocks::Owner owner) {
  builder.graph.publish(slot);
  if (entry.slot == kNoLink) return;
  const uint32_t top = std::min(layer, entry.layer);
  const CodeQuery query = builder.codes.row_query(slot, memory.codes);
  choose_links(builder, slot, query, entry, top, memory, owner);
  link_back(builder, slot, top, memory, owner);
}

}  // namespace

// floor(-ln(uniform) * mL) with mL = 1 / ln M, section 4.1 of the paper. The uniform number is a
// hash of the slot instead of a random one: a graph that is built anew has the same layers.
uint32_t layer_of(uint32_t slot, uint32_t m) {
  const double uniform = (static_cast<double>(hash(slot) >> 11) + 1) * 0x1p-53;  // (0, 1].
  const double layer = -std::log(uniform) / std::log(static_cast<double>(m));
  return static_cast<uint32_t>(std::min(layer, limits::kLayersMax - 1.0));
}

void add_link(const Builder& builder, LinkRows& rows, uint32_t row, uint32_t slot, uint32_t other,
              SearchScratch::Memory& memory, RowLocks::Owner owner) {
  LockedRow locked(rows, row, owner);
  const uint32_t count = locked.count();
  for (uint32_t i = 0; i < count; ++i)
    if (locked.link(i) == other) return;
  if (locked.append(other)) return;
  // The row is full: the heuristic chooses among its links and the new one (algorithm 1).
  uint32_t* const links = memory.candidates;
  for (uint32_t i = 0; i < count; ++i) links[i] = locked.link(i);
  links[count] = other;
  const CodeQuery query = builder.codes.row_query(slot, memory.other_codes);
  builder.codes.distances(query, links, count + 1, memory.dots, memory.distances);
  CandidatePool pool(memory.results, count + 1);
  for (uint32_t i = 0; i <= count; ++i) pool.insert(Candidate(memory.distances[i], links[i]));
  locked.replace(memory.selected, select_links(builder.codes, pool, rows.width(), memory));
}

Status link_slot(const Builder& builder, uint32_t slot, SearchScratch::Memory& memory,
                 RowLocks::Owner owner) {
  Graph& graph = builder.graph;
  builder.exact.read(slot, memory.vector);
  builder.codes.encode(slot, memory.vector);
  const uint32_t layer = layer_of(slot, graph.m());
  VEXFS_CHECK_OK(graph.make_rows(slot, layer));

  Entry entry = graph.entry();
  if (rises_above(entry, layer)) {
    // Slots that become the entry are linked one at a time; the entry may have risen meanwhile.
    const MutexLock raising(graph.entry_mutex());
    entry = graph.entry();
    if (rises_above(entry, layer)) {
      link_both_ways(builder, slot, layer, entry, memory, owner);
      graph.set_entry({slot, layer});
      return {};
    }
  }
  link_both_ways(builder, slot, layer, entry, memory, owner);
  return {};
}

}  // namespace vexfs::index
