// The writer's side of link rows.
//
// A sequence lock (Boehm, "Can seqlocks get along with programming language memory models?", MSPC
// 2012) with one difference: while a row changes, readers take its old links from a side copy
// instead of waiting for the writer, who may be descheduled.
//
// Each store of a link releases and each load acquires: a reader that sees a link of a change also
// sees what the changing thread wrote before it, above all the word of the lock. So a reader whose
// links are of two states finds that the word has moved, and reads again.
#include "index/link_rows.h"

#include <sched.h>

#include <new>
#include <utility>

#include "index/prefetch.h"

namespace vexfs::index {
namespace {

// A lock is held for the choice of one row's links. The holder may be without a CPU, so a waiting
// thread yields its own now and then.
constexpr unsigned kSpinsBeforeYield = 64;

uint32_t load(const uint32_t& link) {
  return std::atomic_ref(const_cast<uint32_t&>(link)).load(std::memory_order_acquire);
}

void store(uint32_t& link, uint32_t value) {
  std::atomic_ref(link).store(value, std::memory_order_release);
}

}  // namespace

Result<std::unique_ptr<RowLocks>> RowLocks::create() {
  std::unique_ptr<RowLocks> locks(new (std::nothrow) RowLocks);
  if (locks == nullptr) return Status(ENOMEM, "locks of the index");
  return locks;
}

LinkRows::LinkRows(MemoryColumn memory, uint32_t width, uint32_t header, RowLocks& locks)
    : memory_(std::move(memory)),
      width_(width),
      header_(header),
      stride_(header + width),
      locks_(&locks) {}

Result<LinkRows> LinkRows::create(uint32_t width, uint32_t header, uint32_t rows_max,
                                  RowLocks& locks) {
  const size_t stride = (size_t{header} + width) * sizeof(uint32_t);
  VEXFS_TRY(memory, MemoryColumn::reserve(stride * rows_max));
  return LinkRows(std::move(memory), width, header, locks);
}

Status LinkRows::grow(uint32_t rows) { return memory_.grow(stride_bytes() * rows); }

void LinkRows::clear(uint32_t row) { store(*links_at(row), kNoLink); }

const uint32_t* LinkRows::stable_links(uint32_t row, uint64_t word) const {
  const uint32_t* const links = links_at(row);
  if ((word & RowLocks::kChanging) == 0) [[likely]]
    return links;
  // The lock stands for many rows: the side copy may be of another one, and this row unchanged.
  const RowLocks::SideCopy& side = locks_->sides_[(word & RowLocks::kOwnerMask) - 1];
  return side.row.load(std::memory_order_acquire) == links ? side.links.data() : links;
}

uint32_t LinkRows::copy(uint32_t row, uint32_t* links) const {
  const std::atomic<uint64_t>& word = locks_->word_of(row);
  for (;;) {
    const uint64_t before = word.load(std::memory_order_acquire);
    const uint32_t* const from = stable_links(row, before);
    uint32_t count = 0;
    for (; count < width_; ++count) {
      links[count] = load(from[count]);
      if (links[count] == kNoLink) break;
    }
    if (same_state(before, word.load(std::memory_order_relaxed))) return count;
  }
}

void LinkRows::prefetch(uint32_t row) const {
  prefetch_lines(links_at(row), width_ * sizeof(uint32_t));
}

LockedRow::LockedRow(LinkRows& rows, uint32_t row, RowLocks::Owner owner)
    : rows_(rows),
      word_(rows.locks_->word_of(row)),
      side_(rows.locks_->sides_[owner - 1]),
      links_(rows.links_at(row)) {
  for (unsigned spins = 0;; ++spins) {
    uint64_t word = word_.load(std::memory_order_relaxed);
    if ((word & RowLocks::kOwnerMask) == 0 &&
        word_.compare_exchange_weak(word, word | owner, std::memory_order_acquire))
      return;
    if (spins % kSpinsBeforeYield == kSpinsBeforeYield - 1) ::sched_yield();
  }
}

LockedRow::~LockedRow() {
  const uint64_t word = word_.load(std::memory_order_relaxed);
  word_.store(word & ~RowLocks::kOwnerMask, std::memory_order_release);
}

uint32_t LockedRow::count() const {
  uint32_t count = 0;
  while (count < rows_.width_ && link(count) != kNoLink) ++count;
  return count;
}

uint32_t LockedRow::link(uint32_t i) const { return load(links_[i]); }

bool LockedRow::append(uint32_t link) {
  const uint32_t end = count();
  if (end == rows_.width_) return false;
  // The new end comes first. Then one store changes the row: readers see it before or after.
  if (end + 1 < rows_.width_) store(links_[end + 1], kNoLink);
  store(links_[end], link);
  return true;
}

void LockedRow::replace(const uint32_t* links, uint32_t count) {
  const uint32_t old = this->count();
  // 1. The old links are copied aside.
  for (uint32_t i = 0; i < old; ++i) store(side_.links[i], link(i));
  if (old < rows_.width_) store(side_.links[old], kNoLink);
  side_.row.store(links_, std::memory_order_release);
  // 2. Readers are sent there.
  const uint64_t word = word_.load(std::memory_order_relaxed);
  word_.store(word | RowLocks::kChanging, std::memory_order_release);
  // 3. The row changes.
  for (uint32_t i = 0; i < count; ++i) store(links_[i], links[i]);
  if (count < rows_.width_) store(links_[count], kNoLink);
  // 4. Readers read the row again. Those that began before notice that the word has moved.
  word_.store(word + RowLocks::kCountUnit, std::memory_order_release);
}

}  // namespace vexfs::index
