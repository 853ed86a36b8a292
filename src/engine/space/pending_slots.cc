// Readers copy the ring while it moves. An entry that they miss, because it was overwritten, was
// linked before.
#include "engine/space/pending_slots.h"

#include <algorithm>
#include <cassert>

namespace vexfs::engine {
namespace {

uint32_t load(const uint32_t& entry) {
  return std::atomic_ref<uint32_t>(const_cast<uint32_t&>(entry)).load(std::memory_order_acquire);
}

void store_entry(uint32_t& entry, uint32_t value) {
  std::atomic_ref<uint32_t>(entry).store(value, std::memory_order_release);
}

}  // namespace

PendingSlots::PendingSlots()
    : ring_(new uint32_t[kRing]), changes_(new store::ChangeNumber[kRing]) {}

uint32_t PendingSlots::size() const {
  return ring_used() + static_cast<uint32_t>(backlog_.size() - backlog_linked_.load()) - removed_;
}

void PendingSlots::push(Slot slot, store::ChangeNumber change) {
  assert(room() > 0);
  const uint64_t tail = tail_.load(std::memory_order_relaxed);
  changes_[tail % kRing] = change;
  store_entry(ring_[tail % kRing], static_cast<uint32_t>(slot));
  tail_.store(tail + 1);
}

void PendingSlots::set_backlog(std::vector<Slot> slots) {
  std::sort(slots.begin(), slots.end());
  backlog_.resize(slots.size());
  std::transform(slots.begin(), slots.end(), backlog_.begin(),
                 [](Slot slot) { return static_cast<uint32_t>(slot); });
}

PendingSlots::Where PendingSlots::find(Slot slot) {
  const auto wanted = static_cast<uint32_t>(slot);
  const uint64_t head = head_.load();
  const uint64_t tail = tail_.load();
  for (uint64_t at = head; at < tail; ++at) {
    uint32_t& entry = ring_[at % kRing];
    if ((entry & ~kHidden) != wanted) continue;
    return {&entry, at < head + batch_ring_ ? Place::kBeingLinked : Place::kWaiting};
  }
  const size_t linked = backlog_linked_.load();
  const auto found =
      std::lower_bound(backlog_.begin() + static_cast<ptrdiff_t>(linked), backlog_.end(), wanted,
                       [](uint32_t entry, uint32_t value) { return (entry & kSlotBits) < value; });
  if (found == backlog_.end() || (*found & ~kHidden) != wanted) return {};
  const auto at = static_cast<size_t>(found - backlog_.begin());
  return {&*found, at < linked + batch_backlog_ ? Place::kBeingLinked : Place::kWaiting};
}

PendingSlots::Taken PendingSlots::remove(Slot slot) {
  const Where where = find(slot);
  if (where.entry == nullptr) return {};
  const bool hidden = (*where.entry & kHidden) != 0;
  store_entry(*where.entry, *where.entry | kRemoved);
  ++removed_;
  return {where.place, hidden};
}

PendingSlots::Place PendingSlots::set_hidden(Slot slot, bool hidden) {
  const Where where = find(slot);
  if (where.entry == nullptr) return Place::kAbsent;
  const uint32_t plain = *where.entry & ~kHidden;
  store_entry(*where.entry, hidden ? plain | kHidden : plain);
  return where.place;
}

size_t PendingSlots::begin_batch(std::span<Slot> out) {
  assert(batch_ring_ == 0 && batch_backlog_ == 0);
  size_t count = 0;
  // New slots come first, since a full ring makes those wait who set vectors.
  const uint64_t head = head_.load();
  batch_ring_ = std::min<uint64_t>(tail_.load() - head, out.size());
  for (uint64_t at = head; at < head + batch_ring_; ++at) {
    const uint32_t entry = ring_[at % kRing];
    if ((entry & kRemoved) == 0) out[count++] = Slot{entry & kSlotBits};
  }
  if (batch_ring_ > 0) return count;
  const size_t linked = backlog_linked_.load();
  batch_backlog_ = std::min(backlog_.size() - linked, out.size());
  for (size_t at = linked; at < linked + batch_backlog_; ++at) {
    if ((backlog_[at] & kRemoved) == 0) out[count++] = Slot{backlog_[at] & kSlotBits};
  }
  return count;
}

void PendingSlots::finish_batch() {
  const uint64_t head = head_.load();
  for (uint64_t at = head; at < head + batch_ring_; ++at) {
    if ((ring_[at % kRing] & kRemoved) != 0) --removed_;
  }
  const size_t linked = backlog_linked_.load();
  for (size_t at = linked; at < linked + batch_backlog_; ++at) {
    if ((backlog_[at] & kRemoved) != 0) --removed_;
  }
  head_.store(head + batch_ring_);
  backlog_linked_.store(linked + batch_backlog_);
  abandon_batch();
}

void PendingSlots::abandon_batch() {
  batch_ring_ = 0;
  batch_backlog_ = 0;
}

std::optional<store::ChangeNumber> PendingSlots::change_before() const {
  const uint64_t head = head_.load();
  if (head == tail_.load()) return std::nullopt;
  return changes_[head % kRing] - 1;
}

size_t PendingSlots::copy(std::span<Slot> out) const {
  // The tail is read first: what was pushed before the search began lies before it.
  const uint64_t tail = tail_.load();
  size_t count = 0;
  for (uint64_t at = head_.load(); at < tail; ++at) {
    const uint32_t entry = load(ring_[at % kRing]);
    if (entry <= kSlotBits) out[count++] = Slot{entry};
  }
  return count;
}

size_t PendingSlots::copy_backlog(size_t& position, std::span<Slot> out) const {
  size_t count = 0;
  position = std::max(position, backlog_linked_.load());
  for (; position < backlog_.size() && count < out.size(); ++position) {
    const uint32_t entry = load(backlog_[position]);
    if (entry <= kSlotBits) out[count++] = Slot{entry};
  }
  return count;
}

}  // namespace vexfs::engine
