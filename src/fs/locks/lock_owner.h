// LockOwner: what one process, or one open file description, has locked of one file.
#ifndef VEXFS_FS_LOCKS_LOCK_OWNER_H_
#define VEXFS_FS_LOCKS_LOCK_OWNER_H_

#include <sys/types.h>

#include <cstdint>

#include "base/fd.h"
#include "base/mutex.h"
#include "fs/backing/node.h"
#include "fs/locks/lock_ranges.h"

namespace vexfs::fs {

struct OpenFile;

// The kernel identifies the owner of a range by a number: that of the process's descriptor table
// for locks of F_SETLK, and that of the file description for locks of F_OFD_SETLK. The owner of a
// flock(2) is the open file. Each owner has a description of its own on the backing file. The locks
// of these descriptions exclude each other exactly as the owners' must, and closing the last
// descriptor gives them back, also when the daemon dies. (The descriptions of open files would not
// serve: the kernel holds those for its passthrough, longer than the daemon lives.)
struct LockOwner {
  enum class Kind : uint8_t { kRanges, kFile };

  LockOwner(NodeId of, Kind what, uint64_t number) : node(of), kind(what), id(number) {}

  const NodeId node;
  const Kind kind;
  const uint64_t id;

  // Held over the system calls on `description`, so that `ranges` follows them in their order.
  Mutex calls;
  Fd description GUARDED_BY(calls);
  bool writable GUARDED_BY(calls) = false;  // F_WRLCK needs it.
  bool has_file GUARDED_BY(calls) = false;  // kFile: it holds a lock.
  // Changed under `calls` and RemoteLocks' mutex, read under either.
  LockRanges ranges;
  // Guarded by RemoteLocks' mutex.
  const OpenFile* file = nullptr;  // The open through which it locked last, or tried first.
  pid_t pid = 0;                   // The process that did so, as its request gave it.
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_LOCK_OWNER_H_
