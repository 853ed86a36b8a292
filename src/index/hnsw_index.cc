// The index's parts put together: codes, exact rows, the graph and the writer's threads. Each part
// does its work in a file of its own; here are the checks of arguments, and checkpoints.
#include "index/hnsw_index.h"

#include <algorithm>
#include <new>
#include <utility>

#include "index/exact_scan.h"
#include "index/image_header.h"
#include "index/parallel.h"
#include "index/planned_search.h"
#include "index/remove_slots.h"

namespace vexfs::index {

struct HnswIndex::State {
  State(const SpaceParameters& space, const VectorRows& rows, CodeColumn code_column,
        std::unique_ptr<Graph> links)
      : parameters(space),
        exact(rows, space.dim, space.metric, space.element),
        codes(std::move(code_column)),
        graph(std::move(links)) {}

  Builder builder() { return {*graph, codes, exact, parameters.ef_construction}; }
  Result<SearchContext> context(const float* query, const SearchOptions& options,
                                SearchScratch& scratch, std::span<Neighbor> out,
                                SearchWork& work) const;

  const SpaceParameters parameters;
  const ExactRows exact;
  CodeColumn codes;
  const std::unique_ptr<Graph> graph;
  Workers workers;
  ImageHeader header;  // Of the last sections().
};

// Checks the options and puts the prepared query into the scratch; nothing is allocated.
Result<SearchContext> HnswIndex::State::context(const float* query, const SearchOptions& options,
                                                SearchScratch& scratch, std::span<Neighbor> out,
                                                SearchWork& work) const {
  if (options.k == 0 || options.k > limits::kNeighborsMax) return Status(EINVAL, "k");
  if (options.ef > limits::kEfMax) return Status(EINVAL, "ef");
  if (out.size() < options.k) return Status(EINVAL, "room for k neighbours");
  work = {};
  exact.prepare(query, scratch.memory().vector);
  return SearchContext{*graph, codes, exact, options.filter, options.k, scratch.memory(), work};
}

HnswIndex::HnswIndex(std::unique_ptr<State> state) : state_(std::move(state)) {}
HnswIndex::~HnswIndex() = default;

Result<std::unique_ptr<HnswIndex>> HnswIndex::create(const SpaceParameters& parameters,
                                                     const VectorRows& rows) {
  VEXFS_TRY(codes, CodeColumn::create(parameters.dim, parameters.metric));
  VEXFS_TRY(graph, Graph::create(parameters.m));
  std::unique_ptr<State> state(new (std::nothrow)
                                   State(parameters, rows, std::move(codes), std::move(graph)));
  if (state == nullptr) return Status(ENOMEM, "index");
  std::unique_ptr<HnswIndex> index(new (std::nothrow) HnswIndex(std::move(state)));
  if (index == nullptr) return Status(ENOMEM, "index");
  return index;
}

Result<std::unique_ptr<HnswIndex>> HnswIndex::open(const SpaceParameters& parameters,
                                                   const VectorRows& rows, GraphImage image) {
  const auto release = [&image] {
    if (image.release) image.release();
  };
  const Result<ImageHeader> header_or = check_image(parameters, image);
  if (!header_or.ok()) {
    release();
    return header_or.status();
  }
  const ImageHeader& header = header_or.value();
  Result<std::unique_ptr<HnswIndex>> index = create(parameters, rows);
  if (index.ok()) {
    State& state = *index.value()->state_;
    Graph& graph = *state.graph;
    const std::array<MemoryColumn*, kGraphSections - 1> columns = {
        &graph.words(), &state.codes.memory(), &graph.bottom().memory(), &graph.upper().memory()};
    Status status;
    for (size_t i = 0; i < columns.size() && status.ok(); ++i)
      status = columns[i]->adopt(image.sections[i + 1]);
    if (status.ok())
      status = graph.restore(header.slots_end, header.upper_rows,
                             {header.entry_slot, header.entry_layer});
    graph.set_stale_links(header.stale_links != 0);
    state.codes.restore_bounds(header.scale_max, header.norm_max);
    if (!status.ok()) index = status;
  }
  release();  // The columns have moved the pages to their own addresses, or copied them.
  return index;
}

Status HnswIndex::add(std::span<const Slot> slots, unsigned threads, IdleThreads* idlers) {
  Graph& graph = *state_->graph;
  uint32_t end = 0;
  for (const Slot slot : slots) {
    const auto number = static_cast<uint32_t>(slot);
    if (number >= limits::kSlotsMax) return Status(ENOSPC, "slots of a space");
    if (graph.contains(number)) return Status(EEXIST, "slot is in the index");
    end = std::max(end, number + 1);
  }
  // All memory is had before the first link is written: threads that link do not grow columns,
  // but for that of upper rows.
  VEXFS_CHECK_OK(state_->codes.grow(end));
  VEXFS_CHECK_OK(graph.grow(end));
  const Builder builder = state_->builder();
  return state_->workers.run(static_cast<uint32_t>(slots.size()), threads, idlers,
                             [&](uint32_t i, SearchScratch::Memory& memory, RowLocks::Owner owner) {
                               return link_slot(builder, static_cast<uint32_t>(slots[i]), memory,
                                                owner);
                             });
}

Status HnswIndex::remove(std::span<const Slot> slots, unsigned threads, IdleThreads* idlers) {
  const Builder builder = state_->builder();
  return remove_slots(builder, state_->workers, slots, threads, idlers);
}

void HnswIndex::hide(Slot slot) { state_->graph->hidden().set(static_cast<uint32_t>(slot)); }
void HnswIndex::unhide(Slot slot) { state_->graph->hidden().reset(static_cast<uint32_t>(slot)); }

Result<uint32_t> HnswIndex::search(const float* query, const SearchOptions& options,
                                   SearchScratch& scratch, std::span<Neighbor> out,
                                   SearchWork& work) const {
  VEXFS_TRY(context, state_->context(query, options, scratch, out, work));
  uint32_t ef = options.ef != 0 ? options.ef : state_->parameters.ef_search;
  if (ef == 0) ef = default_ef(size(), options.k);
  return planned_search(context, std::max(ef, options.k), out);
}

Result<uint32_t> HnswIndex::search_exact(const float* query, const SearchOptions& options,
                                         SearchScratch& scratch, std::span<Neighbor> out,
                                         SearchWork& work) const {
  VEXFS_TRY(context, state_->context(query, options, scratch, out, work));
  work.plan = SearchPlan::kExactScan;
  return scan_vectors(context, out);
}

Result<uint32_t> HnswIndex::search_slots(const float* query, std::span<const Slot> slots,
                                         const SearchOptions& options, SearchScratch& scratch,
                                         std::span<Neighbor> out, SearchWork& work) const {
  VEXFS_TRY(context, state_->context(query, options, scratch, out, work));
  work.plan = SearchPlan::kExactScan;
  return scan_slots(context, slots, out);
}

void HnswIndex::distances(const float* query, std::span<const Slot> slots, SearchScratch& scratch,
                          std::span<float> out) const {
  float* const prepared = scratch.memory().vector;
  state_->exact.prepare(query, prepared);
  for (const Slot slot : slots) state_->exact.prefetch(static_cast<uint32_t>(slot));
  for (size_t i = 0; i < slots.size(); ++i) {
    out[i] = state_->exact.distance(prepared, static_cast<uint32_t>(slots[i]));
  }
}

bool HnswIndex::contains(Slot slot) const {
  return state_->graph->contains(static_cast<uint32_t>(slot));
}
uint32_t HnswIndex::size() const { return state_->graph->size(); }
uint32_t HnswIndex::slots_end() const { return state_->graph->slots_end(); }

uint64_t HnswIndex::resident_bytes() const {
  const Graph& graph = *state_->graph;
  const uint64_t slot_bytes =
      state_->codes.shape().stride_bytes + graph.bottom().stride_bytes() + sizeof(uint32_t);
  return graph.slots_end() * slot_bytes + graph.upper_rows_end() * graph.upper().stride_bytes() +
         graph.slots_end() / 4;
}

GraphSections HnswIndex::sections() const {
  const Graph& graph = *state_->graph;
  const SpaceParameters& space = state_->parameters;
  const size_t slots = graph.slots_end();
  ImageHeader& header = state_->header;
  header.dim = space.dim;
  header.m = space.m;
  header.metric = static_cast<uint8_t>(space.metric);
  header.stale_links = graph.has_stale_links() ? 1 : 0;
  header.slots_end = graph.slots_end();
  header.size = graph.size();
  header.upper_rows = graph.upper_rows_end();
  header.entry_slot = graph.entry().slot;
  header.entry_layer = graph.entry().layer;
  header.scale_max = state_->codes.scale_max();
  header.norm_max = state_->codes.norm_max();
  return {std::as_bytes(std::span(&header, 1)),
          {graph.words().data(), slots * sizeof(uint32_t)},
          {state_->codes.memory().data(), slots * state_->codes.shape().stride_bytes},
          {graph.bottom().memory().data(), slots * graph.bottom().stride_bytes()},
          {graph.upper().memory().data(), header.upper_rows * graph.upper().stride_bytes()}};
}

void HnswIndex::warm() {
  Graph& graph = *state_->graph;
  state_->codes.memory().warm();
  graph.bottom().memory().warm();
  graph.upper().memory().warm();
  graph.words().warm();
}

Status HnswIndex::readable() const {
  const Graph& graph = *state_->graph;
  const bool faulted = state_->codes.memory().faulted() || graph.bottom().memory().faulted() ||
                       graph.upper().memory().faulted() || graph.words().faulted();
  return faulted ? Status(EIO, "the checkpoint of a graph cannot be read") : Status();
}

}  // namespace vexfs::index
