// Chunks of records, and linear hashing over them.
#include "fs/backing/node_table.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <bit>
#include <cstring>
#include <new>

#include "base/limits.h"

namespace vexfs::fs {
namespace {

constexpr uint32_t kSlotsPerChunk = 4096;
constexpr uint32_t kSlotBits = 12;
constexpr uint32_t kBucketsPerBlock = 4096;
constexpr uint32_t kNone = 0xffffffffU;
// The kernel counts lookups in 64 bits. A record that reaches this many is no longer counted and
// stays until the unmount. It takes weeks of lookups of one inode, and an id that is given out
// again too soon would be worse.
constexpr uint32_t kLookupsMax = 0xffffffffU;
static_assert(1U << kSlotBits == kSlotsPerChunk);
static_assert(limits::kNodesMax < (1U << 30), "a compact id has two bits for its class");

uint32_t class_of(uint32_t compact) { return compact & 3; }
uint32_t chunk_of(uint32_t compact) { return compact >> (kSlotBits + 2); }
uint32_t slot_of(uint32_t compact) { return (compact >> 2) & (kSlotsPerChunk - 1); }
uint32_t compact_of(uint32_t chunk, uint32_t slot, uint32_t size_class) {
  return (chunk << (kSlotBits + 2)) | (slot << 2) | size_class;
}

// Ids below 4 are special (the root is 1), so that a NodeId is the compact id plus 4.
NodeId node_of(uint32_t compact) { return NodeId{uint64_t{compact} + 4}; }
uint32_t compact_of(NodeId node) { return static_cast<uint32_t>(static_cast<uint64_t>(node) - 4); }

void* map_anonymous(size_t bytes) {
  void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

constexpr size_t kBlockBytes = kBucketsPerBlock * sizeof(uint32_t);

}  // namespace

struct NodeTable::Record {
  uint32_t lookups;  // 0: the slot is free and `next` links the chunk's free slots.
  uint32_t next;     // Compact id of the next record in the bucket.
  uint32_t generation;
  uint8_t type_and_flags;  // S_IFMT >> 12, and NodeFlag bits.
  uint8_t handle_type;
  uint8_t handle_bytes;
  uint8_t mount;

  unsigned char* data() { return reinterpret_cast<unsigned char*>(this + 1); }
  const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(this + 1); }

  void copy_handle(FileHandle& handle) const {
    handle.type = handle_type;
    handle.mount = mount;
    handle.bytes = handle_bytes;
    std::memcpy(handle.data, data(), handle_bytes);
  }
};

struct NodeTable::Chunk {
  unsigned char* memory;
  uint32_t used;
  uint32_t first_free;  // Slot, or kNone.
  uint32_t untouched;   // Slots from here on were never used: a new chunk costs no page.
  bool in_partial;
};

NodeTable::NodeTable() = default;

NodeTable::~NodeTable() {
  for (uint32_t c = 0; c < chunks_.size(); ++c) {
    for (Chunk* chunk : chunks_[c]) {
      if (chunk == nullptr) continue;
      ::munmap(chunk->memory, kSlotsPerChunk * (sizeof(Record) + kCapacities[c]));
      delete chunk;
    }
  }
  for (uint32_t* block : buckets_) ::munmap(block, kBlockBytes);
}

NodeTable::Record* NodeTable::record_at(uint32_t compact) const {
  const uint32_t c = class_of(compact);
  Chunk* chunk = chunks_[c][chunk_of(compact)];
  return reinterpret_cast<Record*>(chunk->memory +
                                   size_t{slot_of(compact)} * (sizeof(Record) + kCapacities[c]));
}

NodeTable::Record* NodeTable::record_of(NodeId node) {
  const uint64_t id = static_cast<uint64_t>(node);
  if (id < 4 || id - 4 >= kNone) return nullptr;
  const uint32_t compact = compact_of(node);
  const auto& chunks = chunks_[class_of(compact)];
  if (chunk_of(compact) >= chunks.size() || chunks[chunk_of(compact)] == nullptr) return nullptr;
  if (slot_of(compact) >= chunks[chunk_of(compact)]->untouched) return nullptr;
  Record* record = record_at(compact);
  return record->lookups == 0 ? nullptr : record;
}

Result<uint32_t> NodeTable::allocate(uint32_t c) {
  auto& partial = partial_[c];
  auto& chunks = chunks_[c];
  if (partial.empty()) {
    uint32_t index = 0;
    while (index < chunks.size() && chunks[index] != nullptr) ++index;
    auto* chunk = new (std::nothrow) Chunk{nullptr, 0, kNone, 0, true};
    if (chunk == nullptr) return Status(ENOMEM, "node chunk");
    chunk->memory = static_cast<unsigned char*>(
        map_anonymous(kSlotsPerChunk * (sizeof(Record) + kCapacities[c])));
    if (chunk->memory == nullptr) {
      delete chunk;
      return Status(ENOMEM, "node chunk");
    }
    if (index == chunks.size()) chunks.push_back(nullptr);
    chunks[index] = chunk;
    partial.push_back(index);
  }
  const uint32_t index = partial.back();
  Chunk& chunk = *chunks[index];
  uint32_t slot = chunk.first_free;
  if (slot != kNone) {
    chunk.first_free = record_at(compact_of(index, slot, c))->next;
  } else {
    slot = chunk.untouched++;
  }
  if (++chunk.used == kSlotsPerChunk) {
    partial.pop_back();
    chunk.in_partial = false;
  }
  return compact_of(index, slot, c);
}

uint32_t* NodeTable::bucket(uint32_t index) {
  return &buckets_[index / kBucketsPerBlock][index % kBucketsPerBlock];
}

uint32_t NodeTable::bucket_index(uint64_t h) const {
  const auto wide = static_cast<uint32_t>(h & (2 * uint64_t{round_size_} - 1));
  return wide < bucket_count_ ? wide : wide - round_size_;
}

// Adds one bucket and moves to it the half of its twin's records that belong there.
Status NodeTable::grow_one() {
  if (bucket_count_ % kBucketsPerBlock == 0) {
    auto* block = static_cast<uint32_t*>(map_anonymous(kBlockBytes));
    if (block == nullptr) return Status(ENOMEM, "node buckets");
    std::memset(block, 0xff, kBlockBytes);
    buckets_.push_back(block);
  }
  const uint32_t index = bucket_count_++;
  if (index == 0) {
    round_size_ = 1;
    return {};
  }
  if (index == 2 * round_size_) round_size_ *= 2;
  uint32_t* from = bucket(index - round_size_);
  uint32_t* to = bucket(index);
  for (uint32_t* link = from; *link != kNone;) {
    Record* record = record_at(*link);
    FileHandle handle;
    record->copy_handle(handle);
    if (bucket_index(hash(handle)) != index) {
      link = &record->next;
      continue;
    }
    const uint32_t moved = *link;
    *link = record->next;
    record->next = *to;
    *to = moved;
  }
  return {};
}

// Removes the last bucket; its records go back to its twin.
void NodeTable::shrink_one() {
  const uint32_t index = bucket_count_ - 1;
  uint32_t* from = bucket(index);
  uint32_t* tail = bucket(index - round_size_);
  while (*tail != kNone) tail = &record_at(*tail)->next;
  *tail = *from;
  *from = kNone;
  --bucket_count_;
  if (bucket_count_ == round_size_ && round_size_ > 1) round_size_ /= 2;
  if (bucket_count_ % kBucketsPerBlock == 0) {
    ::munmap(buckets_.back(), kBlockBytes);
    buckets_.pop_back();
  }
}

NodeTable::Record* NodeTable::find_locked(const FileHandle& handle, uint32_t& compact) {
  if (bucket_count_ == 0) return nullptr;
  for (compact = *bucket(bucket_index(hash(handle))); compact != kNone;) {
    Record* record = record_at(compact);
    if (record->handle_type == handle.type && record->mount == handle.mount &&
        record->handle_bytes == handle.bytes &&
        std::memcmp(record->data(), handle.data, handle.bytes) == 0) {
      return record;
    }
    compact = record->next;
  }
  return nullptr;
}

NodeInfo NodeTable::info(const Record& record, uint32_t compact) const {
  const auto has = [&](NodeFlag flag) {
    return (record.type_and_flags & static_cast<uint8_t>(flag)) != 0;
  };
  return {node_of(compact),
          record.generation,
          static_cast<mode_t>((record.type_and_flags & 0x0f) << 12),
          has(NodeFlag::kOpen),
          has(NodeFlag::kOpenForWrite),
          has(NodeFlag::kPinned)};
}

Result<NodeInfo> NodeTable::remember(const FileHandle& handle, mode_t mode) {
  MutexLock lock(mutex_);
  uint32_t compact = kNone;
  if (Record* record = find_locked(handle, compact)) {
    if (record->lookups != kLookupsMax) ++record->lookups;
    return info(*record, compact);
  }
  if (size_ >= limits::kNodesMax) return Status(ENFILE, "limits::kNodesMax inodes are in use");
  uint32_t c = 0;
  while (kCapacities[c] < handle.bytes) ++c;
  if (size_ >= bucket_count_) VEXFS_CHECK_OK(grow_one());
  VEXFS_TRY(fresh, allocate(c));
  Record* record = record_at(fresh);
  record->lookups = 1;
  record->generation = next_generation_++;
  record->type_and_flags = static_cast<uint8_t>((mode & S_IFMT) >> 12);
  record->handle_type = handle.type;
  record->handle_bytes = static_cast<uint8_t>(handle.bytes);
  record->mount = handle.mount;
  std::memcpy(record->data(), handle.data, handle.bytes);
  uint32_t* head = bucket(bucket_index(hash(handle)));
  record->next = *head;
  *head = fresh;
  ++size_;
  return info(*record, fresh);
}

NodeInfo NodeTable::find(const FileHandle& handle) {
  MutexLock lock(mutex_);
  uint32_t compact = kNone;
  const Record* record = find_locked(handle, compact);
  return record == nullptr ? NodeInfo{} : info(*record, compact);
}

Result<NodeInfo> NodeTable::handle_of(NodeId node, FileHandle& handle) {
  MutexLock lock(mutex_);
  const Record* record = record_of(node);
  if (record == nullptr) return Status(ESTALE, "unknown inode");
  record->copy_handle(handle);
  return info(*record, compact_of(node));
}

bool NodeTable::forget(NodeId node, uint64_t lookups) {
  MutexLock lock(mutex_);
  Record* record = record_of(node);
  if (record == nullptr || record->lookups == kLookupsMax) return false;
  if (record->lookups > lookups) {
    record->lookups -= static_cast<uint32_t>(lookups);
    return false;
  }
  const uint32_t compact = compact_of(node);
  FileHandle handle;
  record->copy_handle(handle);
  uint32_t* link = bucket(bucket_index(hash(handle)));
  while (*link != compact) link = &record_at(*link)->next;
  *link = record->next;
  record->lookups = 0;
  --size_;
  if (bucket_count_ > 1 && size_ < bucket_count_ / 2) shrink_one();
  return true;
}

void NodeTable::retire(NodeId node) {
  MutexLock lock(mutex_);
  const uint32_t compact = compact_of(node);
  const uint32_t c = class_of(compact);
  const uint32_t index = chunk_of(compact);
  Chunk& chunk = *chunks_[c][index];
  record_at(compact)->next = chunk.first_free;
  chunk.first_free = slot_of(compact);
  if (--chunk.used == 0) {
    if (chunk.in_partial) std::erase(partial_[c], index);
    ::munmap(chunk.memory, kSlotsPerChunk * (sizeof(Record) + kCapacities[c]));
    delete &chunk;
    chunks_[c][index] = nullptr;
    return;
  }
  if (!chunk.in_partial) {
    chunk.in_partial = true;
    partial_[c].push_back(index);
  }
}

void NodeTable::set_flag(NodeId node, NodeFlag flag, bool value) {
  MutexLock lock(mutex_);
  Record* record = record_of(node);
  if (record == nullptr) return;
  const auto bit = static_cast<uint8_t>(flag);
  record->type_and_flags =
      static_cast<uint8_t>(value ? record->type_and_flags | bit : record->type_and_flags & ~bit);
}

size_t NodeTable::size() {
  MutexLock lock(mutex_);
  return size_;
}

}  // namespace vexfs::fs
