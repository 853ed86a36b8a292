// Scans in batches, in order of slots, and exact refinement.
//
// A scan goes by words of 64 slots: a word of the graph's bits and one of the filter's say at once
// which of them may be found. Under a filter the codes of many words are fetched together: 1.5 to
// 1.7 times as fast as word by word (docs/performance.md).
#include "index/exact_scan.h"

#include <algorithm>
#include <bit>

namespace vexfs::index {
namespace {

constexpr uint32_t kWordSlots = 64;  // Slots in one word of bits.
// How many bytes of codes a scan under a filter fetches together: half of a second-level cache.
constexpr uint32_t kTogetherBytes = 256 << 10;
static_assert(2 * kWordSlots <= kBatchMax, "a word fits behind what waits for a whole one");

// Which of the 64 slots from 64 * i on may be found, as bits.
uint64_t admitted_bits(const SearchContext& context, uint32_t i) {
  uint64_t bits = context.graph.present().bits(i);
  if (context.filter != nullptr) {
    const SlotFilter& filter = *context.filter;
    if (i * kWordSlots >= filter.slots) return 0;
    bits &= filter.words[i];
    if (filter.slots - i * kWordSlots < kWordSlots)
      bits &= (uint64_t{1} << filter.slots % kWordSlots) - 1;
  }
  return bits == 0 ? 0 : bits & ~context.graph.hidden().bits(i);
}

// Writes the slots of `bits`, which belong to word i, to `slots`; returns how many there are.
uint32_t slots_of(uint64_t bits, uint32_t i, uint32_t* slots) {
  uint32_t count = 0;
  for (; bits != 0; bits &= bits - 1)
    slots[count++] = i * kWordSlots + static_cast<uint32_t>(std::countr_zero(bits));
  return count;
}

uint32_t words(const SearchContext& context) { return (context.graph.slots_end() + 63) / 64; }

void put(CandidatePool& pool, Candidate candidate) {
  if (pool.takes(candidate)) pool.insert(candidate);
}

uint32_t write_out(const CandidatePool& pool, std::span<Neighbor> out) {
  for (uint32_t i = 0; i < pool.size(); ++i) out[i] = {Slot{pool[i].slot()}, pool[i].distance()};
  return pool.size();
}

}  // namespace

uint32_t scan_vectors(const SearchContext& context, std::span<Neighbor> out) {
  SearchScratch::Memory& memory = context.memory;
  CandidatePool best(memory.results, context.k);
  for (uint32_t i = 0; i < words(context); ++i) {
    const uint32_t count = slots_of(admitted_bits(context, i), i, memory.batch);
    for (uint32_t j = 0; j < count; ++j) {
      const uint32_t slot = memory.batch[j];
      put(best, Candidate(context.exact.distance(memory.vector, slot), slot));
    }
    context.work.refinements += count;
  }
  return write_out(best, out);
}

uint32_t scan_slots(const SearchContext& context, std::span<const Slot> slots,
                    std::span<Neighbor> out) {
  SearchScratch::Memory& memory = context.memory;
  CandidatePool best(memory.results, context.k);
  for (const Slot one : slots) {
    if (one == kNoSlot || (context.filter != nullptr && !context.filter->passes(one))) continue;
    const auto slot = static_cast<uint32_t>(one);
    put(best, Candidate(context.exact.distance(memory.vector, slot), slot));
    ++context.work.refinements;
  }
  return write_out(best, out);
}

uint32_t scan_codes(const SearchContext& context, const CodeQuery& query, std::span<Neighbor> out) {
  SearchScratch::Memory& memory = context.memory;
  // Some more than k are kept, so that the best k by exact distance are almost always among them.
  const uint32_t kept = std::min(context.k * 2 + 64, limits::kEfMax);
  CandidatePool pool(memory.pool, kept);
  uint32_t count = 0;
  const auto measure = [&] {
    context.codes.distances(query, memory.batch, count, memory.dots, memory.distances);
    for (uint32_t j = 0; j < count; ++j) put(pool, Candidate(memory.distances[j], memory.batch[j]));
    context.work.distances += count;
    count = 0;
  };
  // Under a filter a word has few slots, so those of many words are fetched together. Without one
  // the rows follow one another, which the processor's prefetcher recognises.
  const bool sparse = context.filter != nullptr;
  const uint32_t together =
      std::clamp<uint32_t>(kTogetherBytes / context.codes.shape().stride_bytes, 1, kWordSlots);
  for (uint32_t i = 0; i < words(context); ++i) {
    const uint32_t more = slots_of(admitted_bits(context, i), i, memory.batch + count);
    for (uint32_t j = 0; sparse && j < more; ++j) context.codes.prefetch(memory.batch[count + j]);
    count += more;
    if (count >= together) measure();
  }
  measure();
  const uint32_t found = refine(context, pool, pool.size(), out);
  if (pool.size() < kept) return found;  // The pool has left nothing out.
  // What the pool left out is no nearer than its last candidate, but for the error of the codes. If
  // the k-th result is not nearer than that, only the vectors themselves can decide.
  const float nearest_left_out = pool[kept - 1].distance() - context.codes.error_bound(query);
  if (found == context.k && out[found - 1].distance <= nearest_left_out) return found;
  return scan_vectors(context, out);
}

uint32_t refine(const SearchContext& context, const CandidatePool& candidates, uint32_t count,
                std::span<Neighbor> out) {
  SearchScratch::Memory& memory = context.memory;
  CandidatePool best(memory.results, context.k);
  for (uint32_t i = 0; i < count; ++i) context.exact.prefetch(candidates[i].slot());
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t slot = candidates[i].slot();
    if (!context.admits(slot)) continue;
    put(best, Candidate(context.exact.distance(memory.vector, slot), slot));
    ++context.work.refinements;
  }
  return write_out(best, out);
}

}  // namespace vexfs::index
