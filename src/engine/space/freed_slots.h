// FreedSlots: the slots of a space that nothing refers to any more, until they are used again.
#ifndef VEXFS_ENGINE_SPACE_FREED_SLOTS_H_
#define VEXFS_ENGINE_SPACE_FREED_SLOTS_H_

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/function_ref.h"
#include "base/vector_space.h"
#include "store/rows.h"

namespace vexfs::engine {

// A slot comes here when no passage, no graph and no search has it. It is offered to the catalog
// once its freeing is durable. While it waits for a new passage its disk space can be given back.
//
// Threads: all methods run under the owner's lock.
class FreedSlots {
 public:
  // Adds a slot, whose freeing is among the changes up to `change`.
  void let_go(Slot slot, store::ChangeNumber change);
  // A passage has the slot now.
  void taken(Slot slot);

  // Calls `offer` with each slot that was not offered yet and whose freeing is among the `durable`
  // changes, until it answers false: that one is offered again the next time.
  void offer(store::ChangeNumber durable, FunctionRef<bool(Slot)> offer);

  // How many slots just before `slots_end` are unused, so that they can be cut off.
  uint32_t unused_before(uint32_t slots_end) const;
  struct Run {
    uint32_t first;
    uint32_t count;
  };
  // Finds runs of unused slots from `from` on and below `slots_end` that still have disk space, at
  // most `runs.size()`. Returns how many.
  size_t runs(uint32_t from, uint32_t slots_end, std::span<Run> runs) const;
  // The disk space of the run was given back.
  void punched(const Run& run);
  // The file ends at `slots_end` now, so the slots from there on have no disk space either.
  void cut(uint32_t slots_end);
  bool anything_to_punch() const { return to_punch_ > 0; }

 private:
  struct Waiting {
    Slot slot;
    store::ChangeNumber change;
  };
  static bool test(const std::vector<uint64_t>& bits, uint32_t slot) {
    return slot / 64 < bits.size() && (bits[slot / 64] >> (slot % 64) & 1) != 0;
  }
  bool can_punch(uint32_t slot) const { return test(unused_, slot) && !test(punched_, slot); }

  // To be offered, in order of changes; each slot is here at most once.
  std::deque<Waiting> waiting_;
  std::vector<uint64_t> unused_;   // One bit for each slot.
  std::vector<uint64_t> punched_;  // The same; always as long as unused_.
  uint32_t to_punch_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_FREED_SLOTS_H_
