// SpaceSlots: which slots of a space may be given out, as far as memory knows.
#ifndef VEXFS_STORE_SPACE_SLOTS_H_
#define VEXFS_STORE_SPACE_SLOTS_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "base/vector_space.h"

namespace vexfs::store {

// A slot is given out by take() and is then taken, until put() or offer(). Taken slots are few:
// those of writes that are under way.
//
// A slot needs a row in the catalog once one with a higher number has one: rows_end() is past the
// last row, and the slots from there on are free without saying so.
class SpaceSlots {
 public:
  explicit SpaceSlots(uint32_t rows_end) : rows_end_(rows_end), next_(rows_end) {}

  // The lowest that was offered, or the next one at the end. ENOSPC.
  Result<Slot> take();
  bool is_taken(Slot slot) const;
  void put(Slot slot);  // Requires is_taken().
  // ENOSPC when too many wait already: the slot is free all the same.
  Status offer(Slot slot);

  uint32_t rows_end() const { return rows_end_; }
  void set_rows_end(uint32_t rows_end);  // Grows.
  uint32_t end() const { return next_; }
  // One past the highest taken slot; 0 when there is none.
  uint32_t taken_end() const;
  // Slots from `end` on are not there any more. Requires end >= taken_end().
  void shrink(uint32_t end);

 private:
  uint32_t rows_end_;
  uint32_t next_;  // Never below rows_end_.
  std::vector<Slot> taken_;
  std::vector<uint32_t> offered_;  // A heap, lowest first.
};

}  // namespace vexfs::store

#endif  // VEXFS_STORE_SPACE_SLOTS_H_
