// Graph: the links of all layers, which slots are in it, and where a search enters.
#ifndef VEXFS_INDEX_GRAPH_H_
#define VEXFS_INDEX_GRAPH_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/mutex.h"
#include "base/status.h"
#include "index/link_rows.h"
#include "index/memory_column.h"
#include "index/slot_bits.h"

namespace vexfs::index {

// Where the descent starts: a slot of the highest layer.
struct Entry {
  uint32_t slot = kNoLink;  // kNoLink: the graph is empty.
  uint32_t layer = 0;

  bool operator==(const Entry&) const = default;
};

// Layer 0 has a row for each slot; the few slots of higher layers have a chain of rows in a second
// column, one for each layer from 1 on. A word a slot says where that chain starts.
//
// Threads: as HnswIndex; methods marked "writer" only from its threads, any number of them.
class Graph {
 public:
  // The word of a slot.
  static constexpr uint32_t kAbsent = 0;
  static constexpr uint32_t kBottomOnly = 1;
  static constexpr uint32_t kFirstUpperRow = 2;  // And so on: 2 + row of layer 1.
  // Words that stand before the links of an upper row.
  enum UpperHeader : uint32_t { kSlotWord, kLayerWord, kAboveWord, kUpperHeaderWords };
  static constexpr uint32_t kNoRow = UINT32_MAX;

  static Result<std::unique_ptr<Graph>> create(uint32_t m);  // ENOMEM.

  uint32_t m() const { return m_; }
  RowLocks& locks() { return *locks_; }
  LinkRows& bottom() { return bottom_; }
  const LinkRows& bottom() const { return bottom_; }
  LinkRows& upper() { return upper_; }
  const LinkRows& upper() const { return upper_; }
  MemoryColumn& words() { return words_; }
  const MemoryColumn& words() const { return words_; }
  uint32_t upper_rows_end() const { return upper_rows_end_.load(std::memory_order_relaxed); }

  std::atomic_ref<uint32_t> word(uint32_t slot) const {
    return std::atomic_ref(reinterpret_cast<uint32_t*>(words_.data())[slot]);
  }
  // Layers that the slot is in, but for layer 0. The slot is not absent.
  uint32_t top_layer(uint32_t slot) const;
  // The row of the slot's links at layer >= 1; kNoRow where it has none.
  uint32_t upper_row(uint32_t slot, uint32_t layer) const;

  Entry entry() const;
  bool contains(uint32_t slot) const { return present_.test(slot); }
  // In the graph, and not hidden: a search may find it.
  bool findable(uint32_t slot) const { return present_.test(slot) && !hidden_.test(slot); }
  SlotBits& hidden() { return hidden_; }
  const SlotBits& hidden() const { return hidden_; }
  const SlotBits& present() const { return present_; }
  uint32_t size() const { return size_.load(std::memory_order_acquire); }
  uint32_t slots_end() const { return slots_end_.load(std::memory_order_acquire); }
  // Whether links may lead to slots that are not in the graph. Our removal leaves no such links;
  // the format of checkpoints allows them.
  bool has_stale_links() const { return stale_links_.load(std::memory_order_acquire); }
  void set_stale_links(bool stale) { stale_links_.store(stale, std::memory_order_release); }

  // --- Writer
  Status grow(uint32_t slots_end);
  // Empty rows for a new slot on layers 0..layer. Nothing leads to it yet. ENOMEM and ENOSPC leave
  // the slot absent, without rows.
  Status make_rows(uint32_t slot, uint32_t layer);
  // The slot's rows and code are in place. Scans find it from now on, walks once links lead to it.
  void publish(uint32_t slot);
  // From now on no search finds it, though its rows stay.
  void hide_for_ever(uint32_t slot);
  // Gives its upper rows back. Nothing leads to it any more but stale links.
  void drop_rows(uint32_t slot);
  void set_entry(Entry entry);
  // A slot of the highest layer there is, after the entry was removed.
  Entry find_entry() const;
  // While a slot that rises above the entry is linked, no other may. Order: before row locks.
  Mutex& entry_mutex() RETURN_CAPABILITY(entry_mutex_) { return entry_mutex_; }

  // From a checkpoint whose sections were checked and adopted: everything that follows from them.
  Status restore(uint32_t slots_end, uint32_t upper_rows_end, Entry entry);

 private:
  Graph(uint32_t m, std::unique_ptr<RowLocks> locks, LinkRows bottom, LinkRows upper,
        MemoryColumn words, SlotBits present, SlotBits hidden);
  Result<uint32_t> take_upper_row() REQUIRES(rows_mutex_);
  // Frees the chain of rows from `row` on, which may be kNoRow.
  void free_upper_rows(uint32_t row) REQUIRES(rows_mutex_);

  const uint32_t m_;
  std::unique_ptr<RowLocks> locks_;
  LinkRows bottom_;
  LinkRows upper_;
  MemoryColumn words_;
  SlotBits present_;
  SlotBits hidden_;
  std::atomic<uint64_t> entry_;
  std::atomic<uint32_t> size_ = 0;
  std::atomic<uint32_t> slots_end_ = 0;
  std::atomic<bool> stale_links_ = false;
  // Orders changes of the entry by those that link; removal runs when none of them does.
  Mutex entry_mutex_ ACQUIRED_BEFORE(rows_mutex_);
  // Guards which upper rows are free. A leaf.
  Mutex rows_mutex_;
  // Written under rows_mutex_; reports read it beside the writer.
  std::atomic<uint32_t> upper_rows_end_ = 0;
  // The first free upper row. The others are chained by kAboveWord; the kSlotWord of each is
  // kNoLink.
  uint32_t free_upper_row_ GUARDED_BY(rows_mutex_) = kNoRow;
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_GRAPH_H_
