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
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "fs/backing/file_handle.h"
#include "fs/backing/node.h"

namespace vexfs::fs {

// What the table keeps of an inode besides its handle.
struct NodeInfo {
  NodeId node = kNoNode;
  uint32_t generation = 0;  // Differs for each use of a NodeId, as NFS exports need it.
  mode_t type = 0;          // mode & S_IFMT: it never changes for an inode.
  bool open = false;        // OpenFiles holds descriptors of it.
  // Some of them may write, through a mapping even without a request: its attributes are not
  // cached.
  bool open_for_write = false;
  bool pinned = false;  // Unlinked but referenced: Backing holds a descriptor until FORGET.
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
  // Call it once after each forget() that returned true.
  void retire(NodeId node);

  void set_flag(NodeId node, NodeFlag flag, bool value);
  size_t size();

 private:
  struct Record;
  struct Chunk;
  // Handle capacities of the four record classes.
  static constexpr std::array<uint16_t, 4> kCapacities = {8, 16, 32, tree::kHandleBytesMax};

  Record* record_of(NodeId node) REQUIRES(mutex_);
  Record* record_at(uint32_t compact) const REQUIRES(mutex_);
  Result<uint32_t> allocate(uint32_t size_class) REQUIRES(mutex_);
  uint32_t* bucket(uint32_t index) REQUIRES(mutex_);
  uint32_t bucket_index(uint64_t hash) const REQUIRES(mutex_);
  Status grow_one() REQUIRES(mutex_);
  void shrink_one() REQUIRES(mutex_);
  Record* find_locked(const FileHandle& handle, uint32_t& compact) REQUIRES(mutex_);
  NodeInfo info(const Record& record, uint32_t compact) const;

  Mutex mutex_;
  // By class of handle size. A compact id is (chunk << 14 | slot << 2 | class).
  std::array<std::vector<Chunk*>, 4> chunks_ GUARDED_BY(mutex_);
  // The chunks of each class that have a free slot; the one that is used next stands last.
  std::array<std::vector<uint32_t>, 4> partial_ GUARDED_BY(mutex_);
  // Blocks of kBucketsPerBlock compact ids.
  std::vector<uint32_t*> buckets_ GUARDED_BY(mutex_);
  uint32_t bucket_count_ GUARDED_BY(mutex_) = 0;
  // Buckets at the start of this doubling round; a power of two.
  uint32_t round_size_ GUARDED_BY(mutex_) = 0;
  size_t size_ GUARDED_BY(mutex_) = 0;
  uint32_t next_generation_ GUARDED_BY(mutex_) = 1;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_NODE_TABLE_H_
