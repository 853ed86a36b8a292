// RemoteLocks: `-o remote_locks`, file locks that reach the backing filesystem.
#ifndef VEXFS_FS_LOCKS_REMOTE_LOCKS_H_
#define VEXFS_FS_LOCKS_REMOTE_LOCKS_H_

#include <fcntl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "base/status.h"
#include "fs/backing/node.h"
#include "fs/backing/open_files.h"
#include "fs/locks/lock_owner.h"
#include "fs/locks/lock_waiters.h"

namespace vexfs::fs {

// Without the option locks are the kernel's and exclude all that goes through the mount. With it
// they also exclude other clients of a shared filesystem, other mounts of the source and programs
// behind the mount, at the price of requests. They last as long as their holders or the daemon,
// whichever ends first.
//
// A lock that waits occupies no request thread; see LockWaiters. A cycle of owners that wait for
// ranges of each other through this mount is found (EDEADLK). A cycle that leads through locks of
// others is not found; each of its members can be interrupted.
//
// Threads: start and stop belong to the service thread, the rest may run at once. Order: adding_,
// LockOwner::calls, then mutex_ or that of LockWaiters.
class RemoteLocks final : private LockAttempts {
 public:
  explicit RemoteLocks(const LockRequests& requests = kLibfuseLockRequests)
      : waiters_(requests, *this) {}
  ~RemoteLocks() override { stop(); }
  RemoteLocks(const RemoteLocks&) = delete;
  RemoteLocks& operator=(const RemoteLocks&) = delete;

  Status start() { return waiters_.start(); }
  void stop() { waiters_.stop(); }

  // The errno to answer the request with. It is empty when the request waits: then it is answered
  // when the lock is granted, or with EINTR or ENOTCONN. Errors are EAGAIN, EDEADLK, those of the
  // backing filesystem, and ENOLCK at limits::kLockOwnersMax, limits::kLockRangesMax or
  // limits::kLockWaitersMax, or where the backing file cannot be opened once more.
  using Answer = std::optional<int>;
  // `range` is absolute (SEEK_SET), as the kernel sends it.
  Answer set(fuse_req_t req, const OpenFile& file, uint64_t owner, const struct flock& range,
             bool waits);
  // The first lock that conflicts with `range`, or F_UNLCK.
  Result<struct flock> get(const OpenFile& file, uint64_t owner, const struct flock& range);
  // flock(2); `operation` has LOCK_NB where the caller does not wait.
  Answer flock(fuse_req_t req, const OpenFile& file, int operation);

  // The owner closed a descriptor of the file: it has no lock of it any more (fcntl(2)).
  void drop(const OpenFile& file, uint64_t owner);
  // Call it when the last descriptor of this open is closed.
  void close(const OpenFile& file);

  size_t owners();
  size_t ranges();
  size_t waiting() { return waiters_.size(); }

 private:
  using Owners = std::vector<std::shared_ptr<LockOwner>>;

  struct Holder {
    uint64_t id;
    pid_t pid;
  };

  int attempt(const LockWaiter& asked) override;

  std::shared_ptr<LockOwner> find(NodeId node, LockOwner::Kind kind, uint64_t id);
  std::shared_ptr<LockOwner> find_locked(NodeId node, LockOwner::Kind kind, uint64_t id) const
      REQUIRES(mutex_);
  std::shared_ptr<LockOwner> find_or_add(const OpenFile& file, LockOwner::Kind kind, uint64_t id,
                                         pid_t pid);
  int attempt_file(LockOwner& owner, int operation);
  int attempt_range(LockOwner& owner, const OpenFile& file, const struct flock& range);
  Answer ask(LockWaiter asked, bool unlocks, bool waits);
  Answer wait(LockWaiter waiter);
  bool closes_a_circle(const LockWaiter& waiter) REQUIRES(adding_);
  // The owners of this mount for which the owner `id` would have to wait to lock `wanted`.
  std::vector<Holder> in_the_way(NodeId node, uint64_t id, const LockRange& wanted);
  template <typename Gone>
  void take_out(NodeId node, Gone gone);

  LockWaiters waiters_;
  Mutex adding_ ACQUIRED_BEFORE(mutex_);  // Of waiters: two at once could close a circle unseen.

  Mutex mutex_;
  std::unordered_map<uint64_t, Owners> owners_ GUARDED_BY(mutex_);  // By node.
  size_t owner_count_ GUARDED_BY(mutex_) = 0;
  size_t range_count_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_REMOTE_LOCKS_H_
