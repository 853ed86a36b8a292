// VisitedSet: the slots that a walk has seen.
#ifndef VEXFS_INDEX_VISITED_SET_H_
#define VEXFS_INDEX_VISITED_SET_H_

#include <cstdint>
#include <cstring>

namespace vexfs::index {

// A bit a slot: a million slots are 125 KB, which stays in the second-level cache. Clearing forgets
// the slots that were noted one by one, as long as that is less work than all words.
class VisitedSet {
 public:
  VisitedSet() = default;
  // `words` are zero and hold every slot there may be; `notes` has room for `notes_max`.
  VisitedSet(uint64_t* words, uint32_t* notes, uint32_t notes_max)
      : words_(words), notes_(notes), notes_max_(notes_max) {}

  // Whether the slot is new.
  bool insert(uint32_t slot) {
    uint64_t& word = words_[slot / 64];
    const uint64_t bit = uint64_t{1} << (slot % 64);
    if ((word & bit) != 0) return false;
    word |= bit;
    if (noted_ < notes_max_) notes_[noted_] = slot / 64;
    ++noted_;
    return true;
  }
  bool contains(uint32_t slot) const { return (words_[slot / 64] >> (slot % 64) & 1) != 0; }
  uint32_t size() const { return noted_; }

  // `slots_end` is beyond every slot that was inserted.
  void clear(uint32_t slots_end) {
    const uint32_t words = slots_end / 64 + 1;
    if (noted_ > notes_max_ || noted_ > words / 8) {
      std::memset(words_, 0, words * sizeof(uint64_t));
    } else {
      for (uint32_t i = 0; i < noted_; ++i) words_[notes_[i]] = 0;
    }
    noted_ = 0;
  }

 private:
  uint64_t* words_ = nullptr;
  uint32_t* notes_ = nullptr;  // Words with a bit set.
  uint32_t notes_max_ = 0;
  uint32_t noted_ = 0;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_VISITED_SET_H_
