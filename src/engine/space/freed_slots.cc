// Two bits for each slot, and a queue.
#include "engine/space/freed_slots.h"

namespace vexfs::engine {

void FreedSlots::let_go(Slot slot, store::ChangeNumber change) {
  const auto at = static_cast<uint32_t>(slot);
  if (test(unused_, at)) return;
  if (unused_.size() <= at / 64) {
    unused_.resize(at / 64 + 1);
    punched_.resize(at / 64 + 1);
  }
  unused_[at / 64] |= uint64_t{1} << (at % 64);
  ++to_punch_;
  waiting_.push_back({slot, change});
}

void FreedSlots::taken(Slot slot) {
  const auto at = static_cast<uint32_t>(slot);
  if (!test(unused_, at)) return;
  if (!test(punched_, at)) --to_punch_;
  unused_[at / 64] &= ~(uint64_t{1} << (at % 64));
  punched_[at / 64] &= ~(uint64_t{1} << (at % 64));
}

void FreedSlots::offer(store::ChangeNumber durable, FunctionRef<bool(Slot)> offer) {
  while (!waiting_.empty() && waiting_.front().change <= durable) {
    // A slot that was cut off with the end of the file, and taken from there meanwhile, is not
    // free.
    if (test(unused_, static_cast<uint32_t>(waiting_.front().slot)) &&
        !offer(waiting_.front().slot)) {
      return;
    }
    waiting_.pop_front();
  }
}

uint32_t FreedSlots::unused_before(uint32_t slots_end) const {
  uint32_t count = 0;
  while (count < slots_end && test(unused_, slots_end - 1 - count)) ++count;
  return count;
}

size_t FreedSlots::runs(uint32_t from, uint32_t slots_end, std::span<Run> runs) const {
  size_t count = 0;
  uint32_t slot = from;
  while (slot < slots_end && count < runs.size()) {
    const uint32_t word = slot / 64;
    if (word >= unused_.size()) break;
    if (slot % 64 == 0 && (unused_[word] & ~punched_[word]) == 0) {
      slot += 64;
      continue;
    }
    if (!can_punch(slot)) {
      ++slot;
      continue;
    }
    Run run{slot, 0};
    while (slot < slots_end && can_punch(slot)) ++slot;
    run.count = slot - run.first;
    runs[count++] = run;
  }
  return count;
}

void FreedSlots::punched(const Run& run) {
  for (uint32_t slot = run.first; slot < run.first + run.count; ++slot) {
    if (!can_punch(slot)) continue;
    punched_[slot / 64] |= uint64_t{1} << (slot % 64);
    --to_punch_;
  }
}

void FreedSlots::cut(uint32_t slots_end) {
  const uint32_t end = static_cast<uint32_t>(unused_.size()) * 64;
  if (slots_end < end) punched({slots_end, end - slots_end});
}

}  // namespace vexfs::engine
