// Removal: every row that led to a removed slot chooses its links anew, among its other links and
// those of the removed slots. This is the consolidation of deletes of FreshDiskANN (arXiv
// 2105.09613, algorithm 4), done row by row beside searches.
//
// A removal reads every row once, so slots are removed many at a time. Measured
// (docs/performance.md): ten rounds of taking out 30 % and putting it back cost 0.2 to 0.5 points
// of recall; 0.8 if rows do not keep the old links that the choice left out.
#include "index/remove_slots.h"

#include <algorithm>
#include <vector>

#include "index/select_links.h"

namespace vexfs::index {
namespace {

// Mends rows of one layer, `rows` being the column that holds them.
class RowMender {
 public:
  RowMender(const Builder& builder, LinkRows& rows, uint32_t layer, SearchScratch::Memory& memory,
            RowLocks::Owner owner)
      : builder_(builder), rows_(rows), layer_(layer), memory_(memory), owner_(owner) {}

  void mend(uint32_t row, uint32_t slot);

 private:
  bool leads_to_removed(uint32_t row) const;
  void collect(uint32_t slot, uint32_t link);
  void flush();

  const Builder& builder_;
  LinkRows& rows_;
  uint32_t layer_;
  SearchScratch::Memory& memory_;
  RowLocks::Owner owner_;
  CodeQuery query_;
  CandidatePool pool_;
  uint32_t count_ = 0;  // Slots in the batch.
};

bool RowMender::leads_to_removed(uint32_t row) const {
  bool found = false;
  rows_.read(row, [&](uint32_t link) { found |= !builder_.graph.contains(link); });
  return found;
}

void RowMender::flush() {
  builder_.codes.distances(query_, memory_.batch, count_, memory_.dots, memory_.distances);
  for (uint32_t i = 0; i < count_; ++i) {
    const Candidate candidate(memory_.distances[i], memory_.batch[i]);
    if (pool_.takes(candidate)) pool_.insert(candidate);
  }
  count_ = 0;
}

void RowMender::collect(uint32_t slot, uint32_t link) {
  if (link == slot || !builder_.graph.contains(link) || !memory_.visited.insert(link)) return;
  memory_.batch[count_++] = link;
  if (count_ == kBatchMax) flush();
}

// Mends the row of `slot` if it leads to a removed slot. Rows of removed slots are still readable:
// their links are candidates. The row stays locked, so no thread links to it meanwhile.
void RowMender::mend(uint32_t row, uint32_t slot) {
  if (!leads_to_removed(row)) return;
  query_ = builder_.codes.row_query(slot, memory_.codes);
  pool_ = CandidatePool(memory_.pool, limits::kEfMax);
  LockedRow locked(rows_, row, owner_);
  const uint32_t links = locked.count();
  for (uint32_t i = 0; i < links; ++i) {
    const uint32_t link = locked.link(i);
    if (builder_.graph.contains(link)) {
      collect(slot, link);
      continue;
    }
    const uint32_t behind = layer_ == 0 ? link : builder_.graph.upper_row(link, layer_);
    if (behind == Graph::kNoRow) continue;
    rows_.read(behind, [&](uint32_t next) { collect(slot, next); });
  }
  flush();
  memory_.visited.clear(builder_.graph.slots_end());
  uint32_t chosen = select_links(builder_.codes, pool_, rows_.width(), memory_);
  // Old links that the choice left out stay as far as there is room. A row that was never full has
  // such links too, and without them each removal would cost recall.
  for (uint32_t i = 0; i < links && chosen < links; ++i) {
    const uint32_t link = locked.link(i);
    uint32_t* const end = memory_.selected + chosen;
    if (!builder_.graph.contains(link) || std::find(memory_.selected, end, link) != end) continue;
    memory_.selected[chosen++] = link;
  }
  locked.replace(memory_.selected, chosen);
}

}  // namespace

Status remove_slots(const Builder& builder, Workers& workers, std::span<const Slot> slots,
                    unsigned threads, IdleThreads* idlers) {
  VEXFS_CHECK_OK(workers.make_ready());  // From here on nothing fails.
  Graph& graph = builder.graph;
  std::vector<uint32_t> removed;
  for (const Slot slot : slots) {
    if (!graph.contains(static_cast<uint32_t>(slot))) continue;
    graph.hide_for_ever(static_cast<uint32_t>(slot));
    removed.push_back(static_cast<uint32_t>(slot));
  }
  if (removed.empty()) return {};
  // The steps: searches enter elsewhere, upper rows are mended, then those of layer 0, and at last
  // the rows of the removed slots are given back, when no link leads to them any more.
  if (!graph.contains(graph.entry().slot)) graph.set_entry(graph.find_entry());
  VEXFS_CHECK_OK(workers.run(
      graph.upper_rows_end(), threads, idlers,
      [&](uint32_t row, SearchScratch::Memory& memory, RowLocks::Owner owner) -> Status {
        LinkRows& rows = graph.upper();
        const uint32_t slot = rows.header(row, Graph::kSlotWord).load(std::memory_order_relaxed);
        if (slot == kNoLink || !graph.contains(slot)) return {};
        const uint32_t layer = rows.header(row, Graph::kLayerWord).load(std::memory_order_relaxed);
        RowMender(builder, rows, layer, memory, owner).mend(row, slot);
        return {};
      }));
  VEXFS_CHECK_OK(workers.run(
      graph.slots_end(), threads, idlers,
      [&](uint32_t slot, SearchScratch::Memory& memory, RowLocks::Owner owner) -> Status {
        if (graph.contains(slot))
          RowMender(builder, graph.bottom(), 0, memory, owner).mend(slot, slot);
        return {};
      }));
  for (const uint32_t slot : removed) graph.drop_rows(slot);
  return {};
}

}  // namespace vexfs::index
