// The least recently used directory is dropped first. Its slot is used again, but each node carries
// a generation, so an old node never leads to a new directory.
#include "fs/surface/result_table.h"

#include <algorithm>

#include "fs/surface/surface_node.h"

namespace vexfs::fs {
namespace {

constexpr uint64_t kFreshNanoseconds = limits::kResultSecondsMax * 1'000'000'000;

}  // namespace

struct stat ResultDirectory::attributes() const {
  struct stat stat = {};
  stat.st_ino = static_cast<uint64_t>(node);
  stat.st_mode = S_IFDIR | 0500;  // Its caller's alone.
  stat.st_nlink = 2;
  stat.st_uid = question.uid;
  stat.st_gid = question.gid;
  stat.st_atim = stat.st_mtim = stat.st_ctim = time;
  return stat;
}

struct stat ResultDirectory::attributes(uint32_t entry) const {
  struct stat stat = attributes();
  stat.st_ino += entry;
  stat.st_nlink = 1;
  if (entry == kChangesEntry) {
    stat.st_mode = S_IFREG | 0400;
    return stat;
  }
  stat.st_mode = S_IFLNK | 0777;
  stat.st_size = static_cast<off_t>(entries[entry - 1].target.size());
  return stat;
}

uint32_t ResultDirectory::find(std::string_view name) const {
  const uint32_t rank = rank_of(name);
  return rank != 0 && rank <= entries.size() && entries[rank - 1].name == name ? rank : 0;
}

size_t ResultDirectory::bytes() const {
  size_t bytes = sizeof(ResultDirectory) + question.text.capacity();
  for (const ResultEntry& entry : entries) {
    bytes += sizeof(ResultEntry) + entry.name.capacity() + entry.target.capacity();
  }
  return bytes;
}

ResultTable::Held ResultTable::get(NodeId node) {
  const ResultId id = result_id(node);
  const NodeId directory = result_node({id.generation, id.slot, 0});
  MutexLock lock(mutex_);
  if (id.slot >= slots_.size()) return nullptr;
  Slot& slot = slots_[id.slot];
  if (slot.directory == nullptr || slot.directory->node != directory) return nullptr;
  if (id.entry > slot.directory->entries.size() && id.entry != kChangesEntry) return nullptr;
  slot.used = ++clock_;
  return slot.directory;
}

ResultTable::Held ResultTable::answered(const ResultQuestion& question, uint64_t index_generation,
                                        uint64_t now) {
  MutexLock lock(mutex_);
  Slot* newest = nullptr;
  for (Slot& slot : slots_) {
    if (slot.directory == nullptr || slot.directory->question != question) continue;
    if (newest == nullptr || slot.directory->made > newest->directory->made) newest = &slot;
  }
  if (newest == nullptr) return nullptr;
  const ResultDirectory& directory = *newest->directory;
  const bool is_open = newest->directory.use_count() > 1;
  if (directory.index_generation != index_generation && !is_open) return nullptr;
  if (now - directory.made > kFreshNanoseconds) return nullptr;
  newest->used = ++clock_;
  return newest->directory;
}

ResultTable::Held ResultTable::listed_before(const ResultQuestion& question,
                                             std::string_view name) {
  MutexLock lock(mutex_);
  Slot* newest = nullptr;
  for (Slot& slot : slots_) {
    if (slot.directory == nullptr || slot.directory->question != question) continue;
    if (slot.directory->find(name) == 0) continue;
    if (newest == nullptr || slot.directory->made > newest->directory->made) newest = &slot;
  }
  if (newest == nullptr) return nullptr;
  newest->used = ++clock_;
  return newest->directory;
}

// Null when all directories are open.
ResultTable::Slot* ResultTable::oldest_unused() {
  Slot* oldest = nullptr;
  for (Slot& slot : slots_) {
    if (slot.directory == nullptr) continue;
    if (slot.directory.use_count() > 1) continue;
    if (oldest == nullptr || slot.used < oldest->used) oldest = &slot;
  }
  return oldest;
}

Result<ResultTable::Held> ResultTable::keep(std::unique_ptr<ResultDirectory> made) {
  const size_t needed = made->bytes();
  std::vector<Held> dropped;  // Freed after the lock.
  MutexLock lock(mutex_);
  const auto is_free = [](const Slot& slot) { return slot.directory == nullptr; };
  auto slot = std::find_if(slots_.begin(), slots_.end(), is_free);
  while (slot == slots_.end() || bytes_ + needed > limits::kResultBytesMax) {
    Slot* oldest = oldest_unused();
    if (oldest == nullptr) return Status(ENFILE, "too many results are open");
    bytes_ -= oldest->directory->bytes();
    dropped.push_back(std::move(oldest->directory));
    if (slot == slots_.end()) slot = slots_.begin() + (oldest - slots_.data());
  }
  const auto index = static_cast<uint32_t>(slot - slots_.begin());
  made->node = result_node({next_generation_++, index, 0});
  bytes_ += needed;
  slot->directory = Held(std::move(made));
  slot->used = ++clock_;
  return slot->directory;
}

size_t ResultTable::bytes() {
  MutexLock lock(mutex_);
  return bytes_;
}

}  // namespace vexfs::fs
