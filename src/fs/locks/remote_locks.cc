// Locks of both kinds on descriptions of the backing file.
#include "fs/locks/remote_locks.h"

#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "base/limits.h"
#include "base/proc_path.h"

namespace vexfs::fs {
namespace {

constexpr auto kRangeOwner = LockOwner::Kind::kRanges;
constexpr auto kFileOwner = LockOwner::Kind::kFile;

LockRange range_of(const struct flock& lock) {
  return {lock.l_start, lock.l_len == 0 ? LockRange::kLast : lock.l_start + lock.l_len - 1,
          lock.l_type == F_WRLCK};
}

struct flock flock_of(short type, const LockRange& range) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = range.start;
  lock.l_len = range.last == LockRange::kLast ? 0 : range.last - range.start + 1;
  return lock;
}

// Nothing is ever written through it; O_APPEND is what an append-only file asks for.
Fd new_description(const OpenFile& file, int flags) {
  return Fd(::open(ProcPath(file.fd->get()).c_str(), flags | O_APPEND | O_CLOEXEC | O_NOCTTY));
}

// Locks without waiting; errno.
int lock_range(int fd, struct flock range) {
  range.l_pid = 0;
  if (::fcntl(fd, F_OFD_SETLK, &range) == 0) return 0;
  return errno == EACCES ? EAGAIN : errno;
}

// Gives the owner a description that can take the locks that the file's mode permits. Exclusive
// locks need one that may write. Until it has one, an owner holds shared locks only; both
// descriptions can hold those, so they move over without a moment in which others could lock.
// Failures are ENOLCK, since EACCES would mean a lock of another owner to the caller.
int prepare(LockOwner& owner, const OpenFile& file) {
  const MutexLock calls(owner.calls);
  if (owner.description.valid() && (owner.writable || !file.writable)) return 0;
  Fd fd = new_description(file, file.writable ? O_RDWR : O_RDONLY);
  if (!fd.valid() && file.writable) fd = new_description(file, O_WRONLY);
  if (!fd.valid()) return ENOLCK;
  for (const LockRange& held : owner.ranges) {
    if (lock_range(fd.get(), flock_of(F_RDLCK, held)) != 0) return ENOLCK;
  }
  owner.description = std::move(fd);
  owner.writable = file.writable;
  return 0;
}

}  // namespace

std::shared_ptr<LockOwner> RemoteLocks::find_locked(NodeId node, LockOwner::Kind kind,
                                                    uint64_t id) const {
  const auto found = owners_.find(static_cast<uint64_t>(node));
  if (found == owners_.end()) return nullptr;
  for (const auto& owner : found->second) {
    if (owner->kind == kind && owner->id == id) return owner;
  }
  return nullptr;
}

std::shared_ptr<LockOwner> RemoteLocks::find(NodeId node, LockOwner::Kind kind, uint64_t id) {
  const MutexLock lock(mutex_);
  return find_locked(node, kind, id);
}

std::shared_ptr<LockOwner> RemoteLocks::find_or_add(const OpenFile& file, LockOwner::Kind kind,
                                                    uint64_t id, pid_t pid) {
  const MutexLock lock(mutex_);
  std::shared_ptr<LockOwner> owner = find_locked(file.node, kind, id);
  if (owner == nullptr) {
    if (owner_count_ == limits::kLockOwnersMax) return nullptr;
    owner = std::make_shared<LockOwner>(file.node, kind, id);
    owners_[static_cast<uint64_t>(file.node)].push_back(owner);
    ++owner_count_;
  }
  if (owner->file == nullptr) owner->file = &file;
  owner->pid = pid;
  return owner;
}

int RemoteLocks::attempt_range(LockOwner& owner, const OpenFile& file, const struct flock& range) {
  const bool unlocks = range.l_type == F_UNLCK;
  const LockRange asked = range_of(range);
  {
    const MutexLock calls(owner.calls);
    if (unlocks && !owner.description.valid()) return 0;
    {
      const MutexLock lock(mutex_);
      const bool adds = !unlocks || owner.ranges.is_split_by(asked.start, asked.last);
      if (adds && range_count_ >= limits::kLockRangesMax) return ENOLCK;
    }
    if (const int error = lock_range(owner.description.get(), range); error != 0) return error;
    const MutexLock lock(mutex_);
    range_count_ -= owner.ranges.size();
    if (unlocks) {
      owner.ranges.clear(asked.start, asked.last);
    } else {
      owner.ranges.set(asked);
      owner.file = &file;
    }
    range_count_ += owner.ranges.size();
  }
  if (!asked.exclusive) waiters_.try_now();  // An exclusive lock may have been there.
  return 0;
}

// A conversion gives the old lock back first, even where the new one cannot be had.
int RemoteLocks::attempt_file(LockOwner& owner, int operation) {
  int error = 0;
  bool had_lock = false;
  {
    const MutexLock calls(owner.calls);
    if (owner.description.valid()) {
      error = ::flock(owner.description.get(), operation | LOCK_NB) == 0 ? 0 : errno;
    }
    had_lock = std::exchange(owner.has_file, error == 0 && (operation & LOCK_UN) == 0);
  }
  if (had_lock) waiters_.try_now();
  return error;
}

int RemoteLocks::attempt(const LockWaiter& asked) {
  if (asked.owner->kind == kFileOwner) return attempt_file(*asked.owner, asked.operation);
  return attempt_range(*asked.owner, *asked.file, asked.range);
}

RemoteLocks::Answer RemoteLocks::set(fuse_req_t req, const OpenFile& file, uint64_t id,
                                     const struct flock& range, bool waits) {
  const bool unlocks = range.l_type == F_UNLCK;
  auto owner =
      unlocks ? find(file.node, kRangeOwner, id) : find_or_add(file, kRangeOwner, id, range.l_pid);
  return ask({.req = req, .owner = std::move(owner), .file = &file, .range = range}, unlocks,
             waits);
}

RemoteLocks::Answer RemoteLocks::flock(fuse_req_t req, const OpenFile& file, int operation) {
  const bool unlocks = (operation & LOCK_UN) != 0;
  const auto id = reinterpret_cast<uint64_t>(&file);
  auto owner = unlocks ? find(file.node, kFileOwner, id) : find_or_add(file, kFileOwner, id, 0);
  return ask({.req = req, .owner = std::move(owner), .file = &file, .operation = operation},
             unlocks, (operation & LOCK_NB) == 0);
}

RemoteLocks::Answer RemoteLocks::ask(LockWaiter asked, bool unlocks, bool waits) {
  if (asked.owner == nullptr) return unlocks ? 0 : ENOLCK;
  int error = unlocks ? 0 : prepare(*asked.owner, *asked.file);
  if (error == 0) error = RemoteLocks::attempt(asked);
  return error == EAGAIN && waits ? wait(std::move(asked)) : Answer(error);
}

RemoteLocks::Answer RemoteLocks::wait(LockWaiter waiter) {
  const MutexLock adding(adding_);
  if (waiter.owner->kind == kRangeOwner && closes_a_circle(waiter)) return EDEADLK;
  return waiters_.add(std::move(waiter)) ? Answer() : ENOLCK;
}

// Whether an owner that the waiter would wait for itself waits for the waiter's owner, directly or
// through others.
bool RemoteLocks::closes_a_circle(const LockWaiter& waiter) {
  std::vector<LockWaiter> others = waiters_.of_ranges();
  std::vector<LockWaiter> to_follow = {waiter};
  while (!to_follow.empty()) {
    const LockWaiter next = std::move(to_follow.back());
    to_follow.pop_back();
    for (const Holder& holder :
         in_the_way(next.owner->node, next.owner->id, range_of(next.range))) {
      if (holder.id == waiter.owner->id) return true;
      const auto theirs =
          std::partition(others.begin(), others.end(),
                         [&](const LockWaiter& other) { return other.owner->id != holder.id; });
      std::move(theirs, others.end(), std::back_inserter(to_follow));
      others.erase(theirs, others.end());
    }
  }
  return false;
}

std::vector<RemoteLocks::Holder> RemoteLocks::in_the_way(NodeId node, uint64_t id,
                                                         const LockRange& wanted) {
  std::vector<Holder> holders;
  const MutexLock lock(mutex_);
  const auto found = owners_.find(static_cast<uint64_t>(node));
  if (found == owners_.end()) return holders;
  for (const auto& other : found->second) {
    if (other->id != id && other->ranges.conflict(wanted))
      holders.push_back({other->id, other->pid});
  }
  return holders;
}

Result<struct flock> RemoteLocks::get(const OpenFile& file, uint64_t id,
                                      const struct flock& range) {
  struct flock asked = range;
  asked.l_pid = 0;
  const auto owner = find(file.node, kRangeOwner, id);
  int result = 0;
  if (owner == nullptr) {
    result = ::fcntl(file.fd->get(), F_OFD_GETLK, &asked);
  } else {
    LockOwner& own = *owner;
    const MutexLock calls(own.calls);
    const int fd = own.description.valid() ? own.description.get() : file.fd->get();
    result = ::fcntl(fd, F_OFD_GETLK, &asked);
  }
  if (result != 0) return errno_status("F_OFD_GETLK");
  if (asked.l_type == F_UNLCK) return asked;
  // The backing filesystem knows the daemon's locks as those of descriptions, without a process.
  LockRange held = range_of(asked);
  held.exclusive = true;  // So that it also conflicts with shared locks.
  const std::vector<Holder> holders = in_the_way(file.node, id, held);
  if (!holders.empty()) asked.l_pid = holders.front().pid;
  return asked;
}

// Owners that a request still refers to stay: the lock that it waits for will belong to them.
template <typename Gone>
void RemoteLocks::take_out(NodeId node, Gone gone) {
  Owners taken;  // Their descriptions are closed after the lock.
  {
    const MutexLock lock(mutex_);
    const auto found = owners_.find(static_cast<uint64_t>(node));
    if (found == owners_.end()) return;
    Owners& owners = found->second;
    const auto leaving = std::partition(owners.begin(), owners.end(), [&](const auto& owner) {
      return owner.use_count() > 1 || !gone(*owner);
    });
    std::move(leaving, owners.end(), std::back_inserter(taken));
    owners.erase(leaving, owners.end());
    for (const auto& owner : taken) range_count_ -= owner->ranges.size();
    owner_count_ -= taken.size();
    if (owners.empty()) owners_.erase(found);
  }
  if (taken.empty()) return;
  taken.clear();
  waiters_.try_now();
}

void RemoteLocks::drop(const OpenFile& file, uint64_t id) {
  if (const auto owner = find(file.node, kRangeOwner, id)) {
    (void)attempt_range(*owner, file, flock_of(F_UNLCK, LockRange()));
  }
  take_out(file.node,
           [id](const LockOwner& owner) { return owner.kind == kRangeOwner && owner.id == id; });
}

void RemoteLocks::close(const OpenFile& file) {
  take_out(file.node, [&file](const LockOwner& owner) { return owner.file == &file; });
}

size_t RemoteLocks::owners() {
  const MutexLock lock(mutex_);
  return owner_count_;
}

size_t RemoteLocks::ranges() {
  const MutexLock lock(mutex_);
  return range_count_;
}

}  // namespace vexfs::fs
