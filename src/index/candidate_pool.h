// CandidatePool: the nearest candidates that a walk has seen, in order, and which of them it has
// visited.
#ifndef VEXFS_INDEX_CANDIDATE_POOL_H_
#define VEXFS_INDEX_CANDIDATE_POOL_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/limits.h"

namespace vexfs::index {

// A distance and a slot in one number: ordered by distance, then by slot.
class Candidate {
 public:
  Candidate() = default;
  Candidate(float distance, uint32_t slot)
      : key_(uint64_t{ordered(distance)} << 32 | uint64_t{slot} << 1) {}

  uint32_t slot() const { return static_cast<uint32_t>(key_) >> 1; }
  float distance() const {
    const auto bits = static_cast<uint32_t>(key_ >> 32);
    return std::bit_cast<float>(bits ^ (((bits >> 31) - 1) | 0x80000000U));
  }
  bool visited() const { return (key_ & 1) != 0; }
  void set_visited() { key_ |= 1; }
  bool operator<(const Candidate& other) const { return key_ < other.key_; }

 private:
  // Floats in the order of unsigned numbers: negative ones turned over, positive ones above them.
  static uint32_t ordered(float value) {
    const auto bits = std::bit_cast<uint32_t>(value);
    return bits ^ ((0U - (bits >> 31)) | 0x80000000U);
  }

  uint64_t key_;
};
static_assert(sizeof(Candidate) == 8);
static_assert(limits::kSlotsMax <= uint32_t{1} << 31, "a slot and a mark share 32 bits");

// A sorted array over memory of the caller's, of at most `capacity` candidates: at these sizes
// moving a few cache lines is cheaper than a heap.
class CandidatePool {
 public:
  CandidatePool() = default;
  // `memory` has room for `capacity` + 1.
  CandidatePool(Candidate* memory, uint32_t capacity) : items_(memory), capacity_(capacity) {}

  uint32_t size() const { return size_; }
  bool full() const { return size_ == capacity_; }
  Candidate& operator[](uint32_t i) { return items_[i]; }
  const Candidate& operator[](uint32_t i) const { return items_[i]; }
  // Whether insert() would take it.
  bool takes(Candidate candidate) const {
    return size_ < capacity_ || candidate < items_[size_ - 1];
  }
  // Of a candidate that takes() and that was not inserted before: where it went.
  uint32_t insert(Candidate candidate) {
    uint32_t place = 0;
    for (uint32_t left = size_; left > 0;) {  // Lower bound, without branches that mispredict.
      const uint32_t half = left / 2;
      place = items_[place + half] < candidate ? place + left - half : place;
      left = half;
    }
    const uint32_t moved = (full() ? size_ - 1 : size_) - place;
    std::memmove(items_ + place + 1, items_ + place, moved * sizeof(Candidate));
    items_[place] = candidate;
    size_ += full() ? 0 : 1;
    return place;
  }

 private:
  Candidate* items_ = nullptr;
  uint32_t size_ = 0;
  uint32_t capacity_ = 0;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_CANDIDATE_POOL_H_
