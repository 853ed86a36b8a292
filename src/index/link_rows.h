// LinkRows: rows of links to slots, which searches read whole while the writer's threads change
// them.
#ifndef VEXFS_INDEX_LINK_ROWS_H_
#define VEXFS_INDEX_LINK_ROWS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/limits.h"
#include "base/status.h"
#include "index/memory_column.h"

namespace vexfs::index {

inline constexpr uint32_t kNoLink = UINT32_MAX;  // Ends a row that is not full.

// The locks of the rows' writers, and the side copies from which searches read a row that is being
// changed: a search never waits. One lock stands for many rows.
//
// Each lock counts the changes of its rows. While a row changes, its old links stand in the side
// copy of the thread that changes it; a reader who finds the count moved reads again.
class RowLocks {
 public:
  using Owner = uint32_t;  // A writer's thread: 1..limits::kIndexThreadsMax.

  static Result<std::unique_ptr<RowLocks>> create();  // ENOMEM.

 private:
  friend class LinkRows;
  friend class LockedRow;

  static constexpr size_t kLocks = 1024;
  static constexpr uint64_t kOwnerMask = 0xff;
  static constexpr uint64_t kChanging = 0x100;
  static constexpr uint64_t kCountUnit = 0x200;
  static_assert(limits::kIndexThreadsMax <= kOwnerMask);

  struct SideCopy {
    std::atomic<const uint32_t*> row = nullptr;  // Whose links these are.
    std::array<uint32_t, 2 * limits::kMMax> links;
  };

  std::atomic<uint64_t>& word_of(uint32_t row) { return words_[row % kLocks]; }

  std::array<std::atomic<uint64_t>, kLocks> words_ = {};
  std::array<SideCopy, limits::kIndexThreadsMax> sides_;
};

// A column of rows of up to `width` links each, ended by kNoLink.
class LinkRows {
 public:
  // `header` words stand before the links of each row and are the caller's.
  static Result<LinkRows> create(uint32_t width, uint32_t header, uint32_t rows_max,
                                 RowLocks& locks);

  uint32_t width() const { return width_; }
  size_t stride_bytes() const { return stride_ * sizeof(uint32_t); }
  MemoryColumn& memory() { return memory_; }
  const MemoryColumn& memory() const { return memory_; }
  Status grow(uint32_t rows);  // ENOMEM, ENOSPC.

  std::atomic_ref<uint32_t> header(uint32_t row, uint32_t word) const {
    return std::atomic_ref(at(row)[word]);
  }
  // A row of no links; nothing leads to it yet.
  void clear(uint32_t row);

  // Calls visit(link) for each link of the row; more than once for the same link, and for links of
  // older states too, where the row changes meanwhile. All links of one state are among them.
  template <typename Visit>
  void read(uint32_t row, Visit visit) const;
  // Copies one whole state of the row; the number of links. `links` has room for width().
  uint32_t copy(uint32_t row, uint32_t* links) const;
  void prefetch(uint32_t row) const;

 private:
  friend class LockedRow;

  LinkRows(MemoryColumn memory, uint32_t width, uint32_t header, RowLocks& locks);
  uint32_t* at(uint32_t row) const {
    return reinterpret_cast<uint32_t*>(memory_.data()) + size_t{row} * stride_;
  }
  uint32_t* links_at(uint32_t row) const { return at(row) + header_; }
  // Where a reader who saw `word` finds the row's links.
  const uint32_t* stable_links(uint32_t row, uint64_t word) const;
  static bool same_state(uint64_t a, uint64_t b) { return ((a ^ b) & ~RowLocks::kOwnerMask) == 0; }

  MemoryColumn memory_;
  uint32_t width_;
  uint32_t header_;
  uint32_t stride_;  // Words.
  RowLocks* locks_;
};

// A writer's thread with the lock of one row. It may hold one lock at a time.
class LockedRow {
 public:
  LockedRow(LinkRows& rows, uint32_t row, RowLocks::Owner owner);
  ~LockedRow();
  LockedRow(const LockedRow&) = delete;
  LockedRow& operator=(const LockedRow&) = delete;

  uint32_t count() const;
  uint32_t link(uint32_t i) const;
  // False when the row is full.
  bool append(uint32_t link);
  void replace(const uint32_t* links, uint32_t count);

 private:
  LinkRows& rows_;
  std::atomic<uint64_t>& word_;
  RowLocks::SideCopy& side_;
  uint32_t* const links_;
};

template <typename Visit>
void LinkRows::read(uint32_t row, Visit visit) const {
  const std::atomic<uint64_t>& word = locks_->word_of(row);
  for (;;) {
    const uint64_t before = word.load(std::memory_order_acquire);
    const uint32_t* const links = stable_links(row, before);
    for (uint32_t i = 0; i < width_; ++i) {
      const uint32_t link = std::atomic_ref(const_cast<uint32_t&>(links[i]))  // Only loads.
                                .load(std::memory_order_acquire);
      if (link == kNoLink) break;
      visit(link);
    }
    if (same_state(before, word.load(std::memory_order_relaxed))) [[likely]]
      return;
  }
}

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_LINK_ROWS_H_
