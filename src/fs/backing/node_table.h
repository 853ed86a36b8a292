// NodeTable: the inodes that the kernel knows, by NodeId and by identity, in little memory.
//
// A record is 16 bytes and the handle, in chunks by handle size: 24 bytes for ext4, 32 for xfs and
// tmpfs, plus 4 for the hash bucket, so 1,000,000 looked-up inodes take about 28 MiB on ext4. No
// descriptor is held for a known inode. The hash grows and shrinks by one bucket at a time (linear
// hashing: Litwin, VLDB 1980), so no request ever pays for a rehash. Chunks that the kernel's
// FORGETs have emptied go back to the system.
//
// Threads: every method locks mutex_; no system call but mmap/munmap of chunks is made under it.
// Order: mutex_ is a leaf; nothing else is locked under it.
#ifndef VEXFS_FS_BACKING_NODE_TABLE_H_
#define VEXFS_FS_BACKING_NODE_TABLE_H_

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/status.h"
#include "fs/backing/file_handle.h"
#include "fs/backing/node.h"

namespace vexfs::fs {

// What the table keeps of an inode besides its handle.
struct NodeInfo {
  NodeId node = kNoNode;
  uint32_t generation = 0;  // Differs for each use of a NodeId, for exported handles.
  mode_t type = 0;          // mode & S_IFMT: it never changes for an inode.
  bool open = false;        // OpenFiles holds descriptors of it.
  bool open_for_write =
      false;            // Some of them may change it without a request: no cached attributes.
  bool pinned = false;  // Unlinked but referenced: PinnedNodes holds a descriptor.
};

enum class NodeFlag : uint8_t { kOpen = 0x10, kOpenForWrite = 0x20, kPinned = 0x40 };

class NodeTable {
 public:
  NodeTable();
  ~NodeTable();
  NodeTable(const NodeTable&) = delete;
  NodeTable& operator=(const NodeTable&) = delete;

  // Finds or adds the inode and counts one lookup, which a later forget() takes back.
  // ENFILE at limits::kNodesMax, ENOMEM.
  Result<NodeInfo> remember(const FileHandle& handle, mode_t mode);
  // The inode if the kernel knows it, without counting a lookup.
  NodeInfo find(const FileHandle& handle);
  // Copies the handle out. ESTALE for an id that is not in the table.
  Result<NodeInfo> handle_of(NodeId node, FileHandle& handle);
  // Takes `lookups` back; true when the inode went with the last of them. Its NodeId is not used
  // again before retire(), so that what other tables hold under it can go first.
  bool forget(NodeId node, uint64_t lookups);
  // Once for each true of forget().
  void retire(NodeId node);

  void set_flag(NodeId node, NodeFlag flag, bool value);
  size_t size();

 private:
  struct Record;
  struct Chunk;
  // Handle capacities of the four record classes.
  static constexpr std::array<uint16_t, 4> kCapacities = {8, 16, 32, tree::kHandleBytesMax};

  Record* record_of(NodeId node);
  Record* record_at(uint32_t compact) const;
  Result<uint32_t> allocate(uint32_t size_class);
  uint32_t* bucket(uint32_t index);
  uint32_t bucket_index(uint64_t hash) const;
  Status grow_one();
  void shrink_one();
  Record* find_locked(const FileHandle& handle, uint32_t& compact);
  NodeInfo info(const Record& record, uint32_t compact) const;

  std::mutex mutex_;
  // A compact id is (chunk << 14 | slot << 2 | class) within a class's chunks.
  std::array<std::vector<Chunk*>, 4> chunks_;
  std::array<std::vector<uint32_t>, 4> partial_;  // Chunks with a free slot, last used first.
  std::vector<uint32_t*> buckets_;                // Blocks of kBucketsPerBlock compact ids.
  uint32_t bucket_count_ = 0;
  uint32_t round_size_ = 0;  // Buckets at the start of this doubling round; a power of two.
  size_t size_ = 0;
  uint32_t next_generation_ = 1;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_NODE_TABLE_H_
