// SlotBitmap: a set of slots, in the form that a search takes.
#ifndef VEXFS_ENGINE_SPACE_SLOT_BITMAP_H_
#define VEXFS_ENGINE_SPACE_SLOT_BITMAP_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/vector_space.h"
#include "index/search.h"

namespace vexfs::engine {

class SlotBitmap {
 public:
  void add(Slot slot) {
    const auto s = static_cast<uint32_t>(slot);
    if (s >= slots_) grow(s);
    uint64_t& word = words_[s / 64];
    const uint64_t bit = uint64_t{1} << (s % 64);
    matches_ += (word & bit) == 0 ? 1 : 0;
    word |= bit;
  }
  void remove(Slot slot) {
    const auto s = static_cast<uint32_t>(slot);
    if (s >= slots_) return;
    uint64_t& word = words_[s / 64];
    const uint64_t bit = uint64_t{1} << (s % 64);
    matches_ -= (word & bit) != 0 ? 1 : 0;
    word &= ~bit;
  }
  bool has(Slot slot) const { return filter().passes(slot); }
  uint32_t matches() const { return matches_; }
  uint32_t slots() const { return slots_; }
  size_t bytes() const { return words_.capacity() * sizeof(uint64_t); }

  // Valid as long as the bitmap lives and is not changed.
  index::SlotFilter filter() const { return {words_.data(), slots_, matches_}; }

  // Each slot of the set in order, until `visit` answers false.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
        const auto bit = static_cast<uint32_t>(std::countr_zero(word));
        if (!visit(Slot{static_cast<uint32_t>(i) * 64 + bit})) return;
      }
    }
  }

 private:
  void grow(uint32_t slot) {
    const size_t words = static_cast<size_t>(slot) / 64 + 1;
    if (words > words_.capacity()) words_.reserve(words + words / 2);
    words_.resize(words);
    slots_ = static_cast<uint32_t>(words) * 64;
  }

  std::vector<uint64_t> words_;
  uint32_t slots_ = 0;
  uint32_t matches_ = 0;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_SLOT_BITMAP_H_
