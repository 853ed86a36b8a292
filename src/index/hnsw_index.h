// HnswIndex: approximate nearest neighbours in one space, by a hierarchical navigable small world
// graph (Malkov and Yashunin, arXiv 1603.09320).
//
// A search descends greedily through the sparse upper layers (algorithm 5 of the paper), walks
// layer 0 best-first (algorithm 2), both on 8-bit codes, and refines the best candidates on the
// exact vectors. All of it is iterative and works in memory that the caller brings.
//
// Locks of the writer's threads: the graph's entry mutex comes before the locks of rows; the mutex
// of the graph's free rows is a leaf. Searches take none. Invariant: links lead to a slot only
// after its code and its own links are in place.
#ifndef VEXFS_INDEX_HNSW_INDEX_H_
#define VEXFS_INDEX_HNSW_INDEX_H_

#include <cstdint>
#include <memory>
#include <span>

#include "base/idle_threads.h"
#include "base/status.h"
#include "base/vector_space.h"
#include "index/graph_image.h"
#include "index/search.h"
#include "index/search_scratch.h"

namespace vexfs::index {

// Threads: any number of search(); beside them one writer at a time for everything that is not
// const. A search sees each row's links whole, as they were before or after a change.
//
// The graph, its codes and the row flags live in memory of the index's own, reserved for
// limits::kSlotsMax rows and touched as rows come; exact vectors are read from `rows` only.
class HnswIndex {
 public:
  // An empty index. ENOMEM.
  static Result<std::unique_ptr<HnswIndex>> create(const SpaceParameters& parameters,
                                                   const VectorRows& rows);
  // From a checkpoint. EUCLEAN when the image contradicts itself or the parameters: nothing in it
  // is trusted before it was checked.
  static Result<std::unique_ptr<HnswIndex>> open(const SpaceParameters& parameters,
                                                 const VectorRows& rows, GraphImage image);
  ~HnswIndex();

  // Links slots that are not in the index; their rows must be readable. `threads` build at once
  // (the caller's included); with `idlers` those are members of it, and the caller waits for them
  // unless there is little to do. EEXIST, ENOSPC (limits::kSlotsMax), ENOMEM.
  Status add(std::span<const Slot> slots, unsigned threads, IdleThreads* idlers = nullptr);
  // Takes slots out and mends their neighbourhoods: recall stays that of a fresh build. Slots that
  // are not in the index are passed over. After return no search finds them, and once searches
  // that run now have ended, the slot may be used again.
  Status remove(std::span<const Slot> slots, unsigned threads, IdleThreads* idlers = nullptr);

  // No search finds the slot from now on, though its links still lead onward; remove() follows when
  // the writer comes to it. Holds too for a slot that is just being added, or is not in the index
  // yet: add() keeps the mark, remove() clears it. Any thread, also beside the writer; a few
  // instructions.
  void hide(Slot slot);
  void unhide(Slot slot);  // Takes hide() back; not after remove().

  // Finds up to k nearest to `query` (dim floats), with exact distances, nearest first; returns how
  // many: k, or all that there are. EINVAL where k or ef is out of its bounds, or `out` has no room
  // for k. Takes no lock, allocates nothing, and takes at most limits::kSearchStackBytes of stack,
  // which tools/stack proves.
  Result<uint32_t> search(const float* query, const SearchOptions& options, SearchScratch& scratch,
                          std::span<Neighbor> out, SearchWork& work) const;
  // The same, by comparing with every vector: what the other one is tested against.
  Result<uint32_t> search_exact(const float* query, const SearchOptions& options,
                                SearchScratch& scratch, std::span<Neighbor> out,
                                SearchWork& work) const;
  // The same among `slots` only, which need not be in the index: what waits to be linked. kNoSlot
  // is passed over; hidden or not does not matter, options.filter does.
  Result<uint32_t> search_slots(const float* query, std::span<const Slot> slots,
                                const SearchOptions& options, SearchScratch& scratch,
                                std::span<Neighbor> out, SearchWork& work) const;
  // The exact distance to each of `slots`, which need not be in the index; their rows are readable.
  void distances(const float* query, std::span<const Slot> slots, SearchScratch& scratch,
                 std::span<float> out) const;
  bool contains(Slot slot) const;
  uint32_t size() const;            // Slots in the index.
  uint32_t slots_end() const;       // One past the highest slot ever added.
  uint64_t resident_bytes() const;  // Codes, links and flags that were touched.

  // What a checkpoint holds: views on the index's memory, valid and unchanging until the writer's
  // next call.
  GraphSections sections() const;
  // Moves an index that was opened from a file's pages to huge pages of memory, without disturbing
  // searches. A writer's call.
  void warm();
  // EIO once a page of that file could not be read: the graph has had zeros there since. Any
  // thread.
  Status readable() const;

 private:
  struct State;
  explicit HnswIndex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_HNSW_INDEX_H_
