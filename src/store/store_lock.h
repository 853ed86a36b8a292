// The lock of a store: one process at a time has it.
#ifndef VEXFS_STORE_STORE_LOCK_H_
#define VEXFS_STORE_STORE_LOCK_H_

#include <sys/types.h>

#include <optional>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::store {

// Takes the lock of the store in `directory`, which is `.vexfs` itself, for as long as the result
// is open. The file says who has it, for store_lock_holder(). EBUSY when another process has it.
Result<Fd> take_store_lock(const Fd& directory);

// The process that has the lock of the store in `source`; 0 where it is of another PID namespace or
// another machine. Nothing when no process has it, when there is no store, and when the caller may
// not look. Looking takes the lock for a moment, so a process that wants it has to try again.
std::optional<pid_t> store_lock_holder(const Fd& source);

}  // namespace vexfs::store

#endif  // VEXFS_STORE_STORE_LOCK_H_
