// PendingSlots: slots that are searchable but not linked into the graph yet.
#ifndef VEXFS_ENGINE_SPACE_PENDING_SLOTS_H_
#define VEXFS_ENGINE_SPACE_PENDING_SLOTS_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/limits.h"
#include "base/vector_space.h"
#include "store/rows.h"

namespace vexfs::engine {

// Two parts: a ring of what was set since the start, in order of changes, at most
// limits::kPendingSlotsMax; and a backlog of what a start found unlinked, whatever its length. The
// writer links batches from the front of either.
//
// Threads: copy() and copy_backlog() may run beside everything, without a lock; all else under the
// owner's lock. A search that first copies and then walks the graph misses nothing: a slot leaves
// this buffer only once it is linked, or removed.
class PendingSlots {
 public:
  PendingSlots();

  // --- The owner
  uint32_t size() const;  // Without those that were removed meanwhile.
  uint32_t room() const { return limits::kPendingSlotsMax - ring_used(); }
  void push(Slot slot, store::ChangeNumber change);  // There must be room.
  // Once, before the first search. Sorts.
  void set_backlog(std::vector<Slot> slots);

  // Where a slot waits. kBeingLinked: the writer has it in hand, and links it whatever happens now.
  enum class Place { kAbsent, kWaiting, kBeingLinked };
  struct Taken {
    Place place = Place::kAbsent;
    bool hidden = false;
  };
  Taken remove(Slot slot);  // No copy has it from now on.
  Place set_hidden(Slot slot, bool hidden);

  // --- The writer: begin_batch() gives up to `out.size()` slots of one part, without the removed
  // ones; finish_batch() drops them, abandon_batch() leaves them waiting. One batch at a time.
  bool any() const { return ring_used() > 0 || has_backlog(); }
  size_t begin_batch(std::span<Slot> out);
  void finish_batch();
  void abandon_batch();
  // The change before the first one that waits in the ring; nullopt where none does.
  std::optional<store::ChangeNumber> change_before() const;
  bool has_backlog() const { return backlog_linked_.load() < backlog_.size(); }

  // --- Searches. Slots that are neither hidden nor removed.
  size_t copy(std::span<Slot> out) const;  // Of the ring. `out` has kPendingSlotsMax.
  // Of the backlog from `position` on, which moves on; 0 at its end.
  size_t copy_backlog(size_t& position, std::span<Slot> out) const;

 private:
  // An entry is a slot and these.
  static constexpr uint32_t kHidden = uint32_t{1} << 30;
  static constexpr uint32_t kRemoved = uint32_t{1} << 31;
  static constexpr uint32_t kSlotBits = kHidden - 1;
  static_assert(limits::kSlotsMax <= kHidden, "a slot leaves room for two marks");
  static constexpr uint64_t kRing = limits::kPendingSlotsMax;
  static_assert((kRing & (kRing - 1)) == 0, "positions wrap by a mask");

  struct Where {
    uint32_t* entry = nullptr;
    Place place = Place::kAbsent;
  };
  Where find(Slot slot);
  uint32_t ring_used() const { return static_cast<uint32_t>(tail_.load() - head_.load()); }

  // Entries change through atomic_ref. Positions only grow; an entry is at position % kRing.
  std::unique_ptr<uint32_t[]> ring_;
  std::unique_ptr<store::ChangeNumber[]> changes_;
  std::atomic<uint64_t> head_{0};
  std::atomic<uint64_t> tail_{0};
  std::vector<uint32_t> backlog_;  // By slot; fixed in size once searches run.
  std::atomic<size_t> backlog_linked_{0};
  uint32_t removed_ = 0;     // Of what waits, in both parts.
  uint64_t batch_ring_ = 0;  // In hand: so many from head_, or so many of the backlog.
  size_t batch_backlog_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_PENDING_SLOTS_H_
