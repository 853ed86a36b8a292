// How slots get and lose their rows of links, and at which slot a descent enters the graph.
//
// A slot is absent, in layer 0 only, or the head of a chain of upper rows, one for each layer. With
// the paper's choice of layers one slot in M has upper rows (arXiv 1603.09320, section 4.1), so the
// upper column is small, and its free rows are kept in a list through the rows themselves.
#include "index/graph.h"

#include <bit>
#include <new>
#include <utility>

#include "base/limits.h"

namespace vexfs::index {
namespace {

// Slot and layer in one atomic word: a search reads both of the same moment.
constexpr uint64_t packed(Entry entry) { return uint64_t{entry.layer} << 32 | entry.slot; }

}  // namespace

Graph::Graph(uint32_t m, std::unique_ptr<RowLocks> locks, LinkRows bottom, LinkRows upper,
             MemoryColumn words, SlotBits present, SlotBits hidden)
    : m_(m),
      locks_(std::move(locks)),
      bottom_(std::move(bottom)),
      upper_(std::move(upper)),
      words_(std::move(words)),
      present_(std::move(present)),
      hidden_(std::move(hidden)),
      entry_(packed({})) {}

// Layer 0 has rows of 2 M links, the layers above of M: the paper's Mmax0 and Mmax.
Result<std::unique_ptr<Graph>> Graph::create(uint32_t m) {
  VEXFS_TRY(locks, RowLocks::create());
  VEXFS_TRY(bottom, LinkRows::create(2 * m, 0, limits::kSlotsMax, *locks));
  VEXFS_TRY(upper, LinkRows::create(m, kUpperHeaderWords, limits::kSlotsMax, *locks));
  VEXFS_TRY(words, MemoryColumn::reserve(size_t{limits::kSlotsMax} * sizeof(uint32_t)));
  VEXFS_TRY(present, SlotBits::create());
  VEXFS_TRY(hidden, SlotBits::create());
  std::unique_ptr<Graph> graph(new (std::nothrow)
                                   Graph(m, std::move(locks), std::move(bottom), std::move(upper),
                                         std::move(words), std::move(present), std::move(hidden)));
  if (graph == nullptr) return Status(ENOMEM, "graph");
  return graph;
}

uint32_t Graph::top_layer(uint32_t slot) const {
  const uint32_t first = word(slot).load(std::memory_order_acquire);
  if (first < kFirstUpperRow) return 0;
  uint32_t layer = 1;
  for (uint32_t row = first - kFirstUpperRow; layer < limits::kLayersMax; ++layer) {
    row = upper_.header(row, kAboveWord).load(std::memory_order_acquire);
    if (row == kNoRow) break;
  }
  return layer;
}

uint32_t Graph::upper_row(uint32_t slot, uint32_t layer) const {
  const uint32_t first = word(slot).load(std::memory_order_acquire);
  if (first < kFirstUpperRow) return kNoRow;
  uint32_t row = first - kFirstUpperRow;
  for (; layer > 1 && row != kNoRow; --layer)
    row = upper_.header(row, kAboveWord).load(std::memory_order_acquire);
  return row;
}

Entry Graph::entry() const {
  const uint64_t entry = entry_.load(std::memory_order_acquire);
  return {static_cast<uint32_t>(entry), static_cast<uint32_t>(entry >> 32)};
}

void Graph::set_entry(Entry entry) { entry_.store(packed(entry), std::memory_order_release); }

Status Graph::grow(uint32_t slots_end) {
  if (slots_end <= this->slots_end()) return {};
  VEXFS_CHECK_OK(bottom_.grow(slots_end));
  VEXFS_CHECK_OK(words_.grow(size_t{slots_end} * sizeof(uint32_t)));
  slots_end_.store(slots_end, std::memory_order_release);
  return {};
}

Result<uint32_t> Graph::take_upper_row() {
  if (free_upper_row_ != kNoRow) {
    const uint32_t row = free_upper_row_;
    free_upper_row_ = upper_.header(row, kAboveWord).load(std::memory_order_relaxed);
    return row;
  }
  const uint32_t row = upper_rows_end();
  VEXFS_CHECK_OK(upper_.grow(row + 1));
  upper_rows_end_.store(row + 1, std::memory_order_relaxed);
  return row;
}

Status Graph::make_rows(uint32_t slot, uint32_t layer) {
  bottom_.clear(slot);
  if (layer == 0) {
    word(slot).store(kBottomOnly, std::memory_order_release);
    return {};
  }
  const MutexLock lock(rows_mutex_);
  uint32_t above = kNoRow;
  for (; layer > 0; --layer) {
    const Result<uint32_t> row = take_upper_row();
    if (!row.ok()) {
      free_upper_rows(above);
      return row.status();
    }
    upper_.clear(row.value());
    upper_.header(row.value(), kSlotWord).store(slot, std::memory_order_relaxed);
    upper_.header(row.value(), kLayerWord).store(layer, std::memory_order_relaxed);
    upper_.header(row.value(), kAboveWord).store(above, std::memory_order_release);
    above = row.value();
  }
  word(slot).store(above + kFirstUpperRow, std::memory_order_release);
  return {};
}

void Graph::publish(uint32_t slot) {
  if (present_.set(slot)) size_.fetch_add(1, std::memory_order_acq_rel);
}

void Graph::hide_for_ever(uint32_t slot) {
  if (present_.reset(slot)) size_.fetch_sub(1, std::memory_order_acq_rel);
}

void Graph::drop_rows(uint32_t slot) {
  const MutexLock lock(rows_mutex_);
  const uint32_t first = word(slot).load(std::memory_order_relaxed);
  word(slot).store(kAbsent, std::memory_order_release);
  hidden_.reset(slot);
  if (first >= kFirstUpperRow) free_upper_rows(first - kFirstUpperRow);
}

void Graph::free_upper_rows(uint32_t row) {
  while (row != kNoRow) {
    const uint32_t above = upper_.header(row, kAboveWord).load(std::memory_order_relaxed);
    upper_.header(row, kSlotWord).store(kNoLink, std::memory_order_relaxed);
    upper_.header(row, kAboveWord).store(free_upper_row_, std::memory_order_release);
    free_upper_row_ = row;
    row = above;
  }
}

// Looks at all upper rows, and at all slots if none has any: once for a removal of the entry.
Entry Graph::find_entry() const {
  Entry best;
  for (uint32_t row = 0; row < upper_rows_end(); ++row) {
    const uint32_t slot = upper_.header(row, kSlotWord).load(std::memory_order_relaxed);
    const uint32_t layer = upper_.header(row, kLayerWord).load(std::memory_order_relaxed);
    if (slot != kNoLink && layer > best.layer && contains(slot)) best = {slot, layer};
  }
  for (uint32_t i = 0; best.slot == kNoLink && i < (slots_end() + 63) / 64; ++i) {
    const uint64_t bits = present_.bits(i);
    if (bits != 0) best = {i * 64 + static_cast<uint32_t>(std::countr_zero(bits)), 0};
  }
  return best;
}

Status Graph::restore(uint32_t slots_end, uint32_t upper_rows_end, Entry entry) {
  const MutexLock lock(rows_mutex_);
  VEXFS_CHECK_OK(grow(slots_end));
  VEXFS_CHECK_OK(upper_.grow(upper_rows_end));
  upper_rows_end_ = upper_rows_end;
  // A checkpoint keeps neither the list of free rows nor the bits of present slots.
  for (uint32_t row = upper_rows_end; row-- > 0;) {
    if (upper_.header(row, kSlotWord).load(std::memory_order_relaxed) != kNoLink) continue;
    upper_.header(row, kAboveWord).store(free_upper_row_, std::memory_order_relaxed);
    free_upper_row_ = row;
  }
  uint32_t size = 0;
  for (uint32_t first = 0; first < slots_end; first += 64) {
    uint64_t bits = 0;
    for (uint32_t slot = first; slot < slots_end && slot < first + 64; ++slot)
      if (word(slot).load(std::memory_order_relaxed) != kAbsent) bits |= uint64_t{1} << slot % 64;
    if (bits != 0) present_.assign(first / 64, bits);
    size += static_cast<uint32_t>(std::popcount(bits));
  }
  size_.store(size, std::memory_order_release);
  set_entry(entry);
  return {};
}

}  // namespace vexfs::index
