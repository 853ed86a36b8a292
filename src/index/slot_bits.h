// SlotBits: a bit for each slot, in a column of its own.
#ifndef VEXFS_INDEX_SLOT_BITS_H_
#define VEXFS_INDEX_SLOT_BITS_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "base/limits.h"
#include "base/status.h"
#include "index/memory_column.h"

namespace vexfs::index {

// All bits are 0 at first. Any thread may call anything: every slot's bit can be used at once, its
// page is touched when it is set.
class SlotBits {
 public:
  static Result<SlotBits> create() {  // ENOMEM.
    VEXFS_TRY(memory, MemoryColumn::reserve(limits::kSlotsMax / 8));
    VEXFS_CHECK_OK(memory.grow(limits::kSlotsMax / 8));
    return SlotBits(std::move(memory));
  }

  bool test(uint32_t slot) const {
    return (word(slot).load(std::memory_order_acquire) >> (slot % 64) & 1) != 0;
  }
  // Whether the bit changed.
  bool set(uint32_t slot) {
    return (word(slot).fetch_or(bit(slot), std::memory_order_acq_rel) & bit(slot)) == 0;
  }
  bool reset(uint32_t slot) {
    return (word(slot).fetch_and(~bit(slot), std::memory_order_acq_rel) & bit(slot)) != 0;
  }
  // The 64 bits of slots 64 * i and on.
  uint64_t bits(uint32_t i) const { return word(i * 64).load(std::memory_order_acquire); }
  void assign(uint32_t i, uint64_t bits) { word(i * 64).store(bits, std::memory_order_release); }

 private:
  explicit SlotBits(MemoryColumn memory) : memory_(std::move(memory)) {}
  static uint64_t bit(uint32_t slot) { return uint64_t{1} << (slot % 64); }
  std::atomic_ref<uint64_t> word(uint32_t slot) const {
    return std::atomic_ref(reinterpret_cast<uint64_t*>(memory_.data())[slot / 64]);
  }

  MemoryColumn memory_;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_SLOT_BITS_H_
