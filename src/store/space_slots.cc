// Slots that are given out and come back. Offered slots are a heap, so that the lowest goes first
// and the end of the vector file can be cut; taken ones are few, and searched from the newest.
#include "store/space_slots.h"

#include <algorithm>
#include <functional>

#include "base/limits.h"

namespace vexfs::store {

Result<Slot> SpaceSlots::take() {
  Slot slot{next_};
  if (!offered_.empty()) {
    slot = Slot{offered_.front()};
    std::pop_heap(offered_.begin(), offered_.end(), std::greater<>());
    offered_.pop_back();
  } else if (next_ >= limits::kSlotsMax) {
    return Status(ENOSPC, "the space has no slot left");
  } else {
    ++next_;
  }
  taken_.push_back(slot);
  return slot;
}

bool SpaceSlots::is_taken(Slot slot) const {
  return std::find(taken_.rbegin(), taken_.rend(), slot) != taken_.rend();
}

void SpaceSlots::put(Slot slot) {
  const auto at = std::find(taken_.rbegin(), taken_.rend(), slot);
  *at = taken_.back();
  taken_.pop_back();
}

Status SpaceSlots::offer(Slot slot) {
  if (is_taken(slot)) put(slot);
  if (offered_.size() >= limits::kOfferedSlotsMax) {
    return Status(ENOSPC, "too many slots wait to be used again");
  }
  offered_.push_back(static_cast<uint32_t>(slot));
  std::push_heap(offered_.begin(), offered_.end(), std::greater<>());
  return Status();
}

void SpaceSlots::set_rows_end(uint32_t rows_end) {
  rows_end_ = rows_end;
  next_ = std::max(next_, rows_end_);
}

uint32_t SpaceSlots::taken_end() const {
  uint32_t end = 0;
  for (const Slot slot : taken_) end = std::max(end, static_cast<uint32_t>(slot) + 1);
  return end;
}

void SpaceSlots::shrink(uint32_t end) {
  rows_end_ = std::min(rows_end_, end);
  next_ = end;
  std::erase_if(offered_, [end](uint32_t slot) { return slot >= end; });
  std::make_heap(offered_.begin(), offered_.end(), std::greater<>());
}

}  // namespace vexfs::store
