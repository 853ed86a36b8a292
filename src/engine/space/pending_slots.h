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

// It has two parts: a ring of at most limits::kPendingSlotsMax slots that were set since the start,
// in order of changes; and a backlog of what a start found unlinked, of any length. The writer
// links batches from the front of either.
//
// Threads: copy() and copy_backlog() may run beside everything, without a lock; all else runs under
// the owner's lock. A search that first copies and then walks the graph misses nothing: a slot
// leaves this buffer only once it is linked or removed.
class PendingSlots {
 public:
  PendingSlots();

  // --- The owner
  uint32_t size() const;  // Does not count those that were removed meanwhile.
  uint32_t room() const { return limits::kPendingSlotsMax - ring_used(); }
  void push(Slot slot, store::ChangeNumber change);  // There must be room.
  // Call it once, before the first search; it sorts them.
  void set_backlog(std::vector<Slot> slots);

  // Where a slot waits. kBeingLinked: it is in the writer's batch, which links it whatever happens.
  enum class Place { kAbsent, kWaiting, kBeingLinked };
  struct Taken {
    Place place = Place::kAbsent;
    bool hidden = false;
  };
  Taken remove(Slot slot);  // No later copy has the slot.
  Place set_hidden(Slot slot, bool hidden);

  // --- The writer. begin_batch() gives up to `out.size()` slots of one part, without the removed
  // ones; finish_batch() drops them, abandon_batch() leaves them waiting. There is one batch at a
  // time.
  bool any() const { return ring_used() > 0 || has_backlog(); }
  size_t begin_batch(std::span<Slot> out);
  void finish_batch();
  void abandon_batch();
  // The change before that of the first slot in the ring; nullopt when the ring is empty.
  std::optional<store::ChangeNumber> change_before() const;
  bool has_backlog() const { return backlog_linked_.load() < backlog_.size(); }

  // --- Searches. Both copy slots that are neither hidden nor removed, and return how many.
  size_t copy(std::span<Slot> out) const;  // The ring; `out` has room for kPendingSlotsMax.
  // The backlog from `position` on, which it advances. Returns 0 at the end of the backlog.
  size_t copy_backlog(size_t& position, std::span<Slot> out) const;

 private:
  // An entry is a slot with these marks.
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

  // Entries change through atomic_ref. Positions only grow; an entry lies at position % kRing.
  std::unique_ptr<uint32_t[]> ring_;
  std::unique_ptr<store::ChangeNumber[]> changes_;
  std::atomic<uint64_t> head_{0};
  std::atomic<uint64_t> tail_{0};
  std::vector<uint32_t> backlog_;  // Sorted by slot; its size is fixed once searches run.
  std::atomic<size_t> backlog_linked_{0};
  uint32_t removed_ = 0;  // Removed entries in both parts.
  // The writer's batch: so many entries from head_ on, or so many of the backlog.
  uint64_t batch_ring_ = 0;
  size_t batch_backlog_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_PENDING_SLOTS_H_
