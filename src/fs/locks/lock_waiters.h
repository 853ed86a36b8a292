// LockWaiters: requests for locks that others hold, and the thread that grants them.
#ifndef VEXFS_FS_LOCKS_LOCK_WAITERS_H_
#define VEXFS_FS_LOCKS_LOCK_WAITERS_H_

#include <fcntl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "base/thread.h"
#include "fs/backing/fuse_lowlevel.h"

namespace vexfs::fs {

struct LockOwner;
struct OpenFile;

// A lock of either kind, its owner, and the request that waits for it.
struct LockWaiter {
  fuse_req_t req = nullptr;
  std::shared_ptr<LockOwner> owner = {};
  const OpenFile* file = nullptr;  // Open as long as the request is not answered.
  int operation = 0;               // Of flock(2), or:
  struct flock range = {};         // Of fcntl(2).
};

class LockWaiters;

// What waiting needs of libfuse: to answer a request, and to learn that it was interrupted.
struct LockRequests {
  // `waiter` refers to no owner any more.
  void (*answer)(const LockWaiter& waiter, int error);
  // From now on waiters->interrupt(req) is called when the request is interrupted.
  void (*listen)(fuse_req_t req, LockWaiters* waiters);
  bool (*is_interrupted)(fuse_req_t req);
};
extern const LockRequests kLibfuseLockRequests;  // Of handlers_locks.cc.

// Who tries to take a lock; called by the waiters' thread.
class LockAttempts {
 public:
  virtual ~LockAttempts() = default;
  // Without waiting. An errno: EAGAIN while the lock is another's, 0 when it is granted.
  virtual int attempt(const LockWaiter& waiter) = 0;
};

// One thread tries for all waiters, and never blocks in a lock of the backing filesystem: that
// would need a thread for each waiter, which only a signal could interrupt. It tries at once when a
// lock is given back through this mount, and at growing intervals for locks that others hold (NFS
// clients wait in the same way). Waiters are tried in the order of their arrival. While there is
// none, the thread sleeps without a timer.
//
// Threads: start and stop belong to the service thread, the rest may run at once. mutex_ comes
// after libfuse's lock of a request (which it holds when it calls an interrupt function) and before
// that of its session.
class LockWaiters {
 public:
  // Both must outlive the waiters.
  LockWaiters(const LockRequests& requests, LockAttempts& attempts)
      : requests_(requests), attempts_(attempts) {}
  ~LockWaiters() { stop(); }
  LockWaiters(const LockWaiters&) = delete;
  LockWaiters& operator=(const LockWaiters&) = delete;

  Status start();
  // Answers ENOTCONN to all waiters.
  void stop();

  // False when limits::kLockWaitersMax requests wait; then the caller must answer the request.
  [[nodiscard]] bool add(LockWaiter waiter);
  void interrupt(fuse_req_t req);
  // Call it when a lock was given back: a waiter may get it now.
  void try_now();
  // The waiters for locks of ranges.
  std::vector<LockWaiter> of_ranges();
  size_t size();

 private:
  struct Entry {
    LockWaiter waiter;
    bool interrupted;
  };

  void serve();
  void try_all() REQUIRES(mutex_);

  const LockRequests& requests_;
  LockAttempts& attempts_;

  Mutex mutex_;
  CondVar changed_;
  // In order of arrival. Only the thread takes any out.
  std::vector<Entry> entries_ GUARDED_BY(mutex_);
  bool try_now_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::optional<Thread> thread_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_LOCK_WAITERS_H_
