// Operation: the kind of a FUSE request; the key of counters, latencies, stack marks and bounds.
#ifndef VEXFS_FS_MEASURE_OPERATION_H_
#define VEXFS_FS_MEASURE_OPERATION_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace vexfs::fs {

// One row per handler `on_<name>`; the order is that of the reports.
// One family of operations a line.
// clang-format off
#define VEXFS_FS_OPERATIONS(X) \
  X(lookup) X(forget) X(forget_multi) X(getattr) X(setattr) X(readlink) \
  X(mknod) X(mkdir) X(symlink) X(unlink) X(rmdir) X(rename) X(link) \
  X(open) X(create) X(tmpfile) X(read) X(write) X(flush) X(release) X(fsync) \
  X(opendir) X(readdir) X(readdirplus) X(releasedir) X(fsyncdir) X(statfs) \
  X(setxattr) X(getxattr) X(listxattr) X(removexattr) \
  X(ioctl) X(poll) X(fallocate) X(copy_file_range) X(lseek) X(statx) \
  X(getlk) X(setlk) X(flock)
// clang-format on

// Operations that may call the engine: vectors set and read, names that move, and what makes them
// durable. The proof of the stack reads this list (cmake/stack_proof.cmake).
// clang-format off
#define VEXFS_FS_VECTOR_OPERATIONS(X) \
  X(unlink) X(rmdir) X(rename) X(link) X(fsync) X(fsyncdir) \
  X(setxattr) X(getxattr) X(listxattr) X(removexattr)
// clang-format on

enum class Operation : uint32_t {
#define VEXFS_ENUMERATOR(name) name,
  VEXFS_FS_OPERATIONS(VEXFS_ENUMERATOR)
#undef VEXFS_ENUMERATOR
};

#define VEXFS_COUNT_ONE(name) +1
inline constexpr uint32_t kOperationCount = 0 VEXFS_FS_OPERATIONS(VEXFS_COUNT_ONE);
#undef VEXFS_COUNT_ONE

const char* operation_name(Operation operation);

// Bytes of stack that the operation may use: limits::kRequestStackBytes for those that may call the
// engine, limits::kFsOperationStackBytes for all others.
size_t stack_budget(Operation operation);

// Requests by operation since the mount. Relaxed: a report, not a synchronisation.
class OperationCounters {
 public:
  void count(Operation operation) {
    counts_[static_cast<uint32_t>(operation)].fetch_add(1, std::memory_order_relaxed);
  }
  uint64_t of(Operation operation) const {
    return counts_[static_cast<uint32_t>(operation)].load(std::memory_order_relaxed);
  }

 private:
  std::atomic<uint64_t> counts_[kOperationCount] = {};
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_MEASURE_OPERATION_H_
