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

// The kernel tells owners of ranges apart by a number: of the process's table of descriptors for
// the locks of F_SETLK, of the description for those of F_OFD_SETLK. The owner of a flock(2) is the
// open file. On the backing file each has a description of its own, whose F_OFD_SETLK and flock
// locks exclude each other exactly as the owners' must; the last reference to it gives them back,
// also when the daemon dies. (The descriptions of open files would not do: the kernel holds those
// for its passthrough, longer than the daemon lives.)
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
  const OpenFile* file = nullptr;  // Through which it locked last, or tried first.
  pid_t pid = 0;                   // Of the process that did, as its request said.
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_LOCK_OWNER_H_
