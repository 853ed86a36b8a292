// LockWaiters: requests for locks that others hold, and the thread that grants them.
#ifndef VEXFS_FS_LOCKS_LOCK_WAITERS_H_
#define VEXFS_FS_LOCKS_LOCK_WAITERS_H_

#include <fcntl.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/status.h"
#include "base/thread.h"
#include "fs/backing/fuse_lowlevel.h"

namespace vexfs::fs {

struct LockOwner;
struct OpenFile;

// A lock of either kind, for whom, and the request that waits for it.
struct LockWaiter {
  fuse_req_t req = nullptr;
  std::shared_ptr<LockOwner> owner = {};
  const OpenFile* file = nullptr;  // Open as long as the request is not answered.
  int operation = 0;               // Of flock(2), or:
  struct flock range = {};         // Of fcntl(2).
};

class LockWaiters;

// What waiting needs of libfuse: to answer a request, and to hear that it was interrupted.
struct LockRequests {
  void (*answer)(const LockWaiter& waiter, int error);  // Of one that refers to no owner any more.
  // From now on waiters->interrupt(req) is called when the request is interrupted.
  void (*listen)(fuse_req_t req, LockWaiters* waiters);
  bool (*is_interrupted)(fuse_req_t req);
};
extern const LockRequests kLibfuseLockRequests;  // Of handlers_locks.cc.

// One thread tries for all who wait, without blocking in any call: a thread that slept in a lock of
// the backing filesystem for each of them would be a thread for each of them, and could not be
// interrupted but by a signal. It tries at once when a lock is given back through this mount, and
// now and then for those that others hold (NFS clients wait in the same way). First come, first
// tried. It sleeps without a timer while nobody waits.
//
// Threads: start and stop belong to the service thread, the rest may run at once. mutex_ comes
// after libfuse's lock of a request (which it holds when it calls an interrupt function) and before
// that of its session.
class LockWaiters {
 public:
  // errno: EAGAIN while the lock is another's, 0 when it is granted.
  using Attempt = int (*)(void* context, const LockWaiter& waiter);

  LockWaiters(const LockRequests& requests, Attempt attempt, void* context)
      : requests_(requests), attempt_(attempt), context_(context) {}
  ~LockWaiters() { stop(); }
  LockWaiters(const LockWaiters&) = delete;
  LockWaiters& operator=(const LockWaiters&) = delete;

  Status start();
  // Answers ENOTCONN to all who wait.
  void stop();

  // False when limits::kLockWaitersMax wait; then the request is the caller's still.
  [[nodiscard]] bool add(LockWaiter waiter);
  void interrupt(fuse_req_t req);
  // A lock was given back: somebody may have it now.
  void try_now();
  // Those who wait for ranges.
  std::vector<LockWaiter> of_ranges();
  size_t size();

 private:
  struct Entry {
    LockWaiter waiter;
    bool interrupted;
  };

  static void run(void* self);
  void serve();
  void try_all(std::unique_lock<std::mutex>& lock);

  const LockRequests& requests_;
  const Attempt attempt_;
  void* const context_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Entry> entries_;  // In order of arrival. Only the thread takes any out.
  bool try_now_ = false;
  bool stopping_ = false;
  std::optional<Thread> thread_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_LOCK_WAITERS_H_
