// Locks of both kinds on descriptions of the backing file.
#include "fs/remote_locks.h"

#include <sys/file.h>

#include <cerrno>
#include <utility>

#include "base/limits.h"
#include "base/proc_path.h"

namespace vexfs::fs {
namespace {

constexpr auto kRanges = LockOwner::Kind::kRanges;
constexpr auto kFile = LockOwner::Kind::kFile;

LockRange range_of(const struct flock& lock) {
  return {lock.l_start, lock.l_len == 0 ? LockRange::kLast : lock.l_start + lock.l_len - 1,
          lock.l_type == F_WRLCK};
}

Fd new_description(const OpenFile& file, int flags) {
  return Fd(::open(ProcPath(file.fd->get()).c_str(), flags | O_CLOEXEC | O_NOCTTY));
}

// Locks without waiting; errno.
int lock_range(int fd, struct flock range) {
  range.l_pid = 0;
  if (::fcntl(fd, F_OFD_SETLK, &range) == 0) return 0;
  return errno == EACCES ? EAGAIN : errno;
}

int lock_file(LockOwner& owner, int operation) {
  const std::lock_guard calls(owner.calls);
  return ::flock(owner.description.get(), operation | LOCK_NB) == 0 ? 0 : errno;
}

// A description that can lock the file through which the owner asks. Exclusive locks need one that
// may write: what the owner had until then are shared locks, which both descriptions can hold, so
// that nobody comes between.
Status prepare(LockOwner& owner, const OpenFile& file) {
  const std::lock_guard calls(owner.calls);
  if (owner.description.valid() && (owner.writable || !file.writable)) return {};
  Fd fd = new_description(file, file.writable ? O_RDWR : O_RDONLY);
  if (!fd.valid() && file.writable) fd = new_description(file, O_WRONLY);
  if (!fd.valid()) return errno_status("a description for locks");
  for (const LockRange& held : owner.ranges) {
    struct flock shared = {};
    shared.l_type = F_RDLCK;
    shared.l_whence = SEEK_SET;
    shared.l_start = held.start;
    shared.l_len = held.last == LockRange::kLast ? 0 : held.last - held.start + 1;
    if (const int error = lock_range(fd.get(), shared); error != 0) return Status(error, "a lock");
  }
  owner.description = std::move(fd);
  owner.writable = file.writable;
  return {};
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
  const std::lock_guard lock(mutex_);
  return find_locked(node, kind, id);
}

std::shared_ptr<LockOwner> RemoteLocks::find_or_add(const OpenFile& file, LockOwner::Kind kind,
                                                    uint64_t id, pid_t pid) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<LockOwner> owner = find_locked(file.node, kind, id);
  if (owner == nullptr) {
    if (owner_count_ == limits::kLockOwnersMax) return nullptr;
    owner = std::make_shared<LockOwner>(file.node, kind, id);
    owners_[static_cast<uint64_t>(file.node)].push_back(owner);
    ++owner_count_;
  }
  owner->file = &file;
  owner->pid = pid;
  return owner;
}

int RemoteLocks::attempt(LockOwner& owner, const struct flock& range) {
  const bool unlocks = range.l_type == F_UNLCK;
  const std::lock_guard calls(owner.calls);
  {
    const std::lock_guard lock(mutex_);
    if (!unlocks && range_count_ >= limits::kLockRangesMax) return ENOLCK;
  }
  if (const int error = lock_range(owner.description.get(), range); error != 0) return error;
  const LockRange locked = range_of(range);
  const std::lock_guard lock(mutex_);
  range_count_ -= owner.ranges.size();
  if (unlocks) {
    owner.ranges.clear(locked.start, locked.last);
  } else {
    owner.ranges.set(locked);
  }
  range_count_ += owner.ranges.size();
  return 0;
}

int RemoteLocks::attempt_again(void* self, const LockWaiter& waiter) {
  if (waiter.owner->kind == LockOwner::Kind::kFile) {
    return lock_file(*waiter.owner, waiter.operation);
  }
  return static_cast<RemoteLocks*>(self)->attempt(*waiter.owner, waiter.range);
}

RemoteLocks::Answer RemoteLocks::set(fuse_req_t req, const OpenFile& file, uint64_t id,
                                     const struct flock& range, bool waits) {
  const bool unlocks = range.l_type == F_UNLCK;
  auto owner = unlocks ? find(file.node, kRanges, id) : find_or_add(file, kRanges, id, range.l_pid);
  if (owner == nullptr) return unlocks ? 0 : ENOLCK;
  int error = prepare(*owner, file).error();
  if (error == 0) error = attempt(*owner, range);
  if (error == EAGAIN && waits) {
    return wait_for_range({.req = req, .owner = std::move(owner), .range = range});
  }
  waiters_.try_now();
  return error;
}

RemoteLocks::Answer RemoteLocks::flock(fuse_req_t req, const OpenFile& file, int operation) {
  const bool unlocks = (operation & LOCK_UN) != 0;
  const auto id = reinterpret_cast<uint64_t>(&file);
  auto owner = unlocks ? find(file.node, kFile, id) : find_or_add(file, kFile, id, 0);
  if (owner == nullptr) return unlocks ? 0 : ENOLCK;
  int error = prepare(*owner, file).error();
  if (error == 0) error = lock_file(*owner, operation);
  waiters_.try_now();  // Also where it failed: an upgrade gives the old lock back first.
  if (error == EAGAIN && (operation & LOCK_NB) == 0) {
    return wait({.req = req, .owner = std::move(owner), .operation = operation});
  }
  return error;
}

RemoteLocks::Answer RemoteLocks::wait(LockWaiter waiter) {
  return waiters_.add(std::move(waiter)) ? Answer() : ENOLCK;
}

RemoteLocks::Answer RemoteLocks::wait_for_range(LockWaiter waiter) {
  const std::lock_guard adding(adding_);
  return closes_a_circle(waiter) ? EDEADLK : wait(std::move(waiter));
}

bool RemoteLocks::closes_a_circle(const LockWaiter& waiter) {
  LockWaiter next = waiter;
  for (size_t steps = 0; steps < limits::kLockWaitersMax; ++steps) {
    const auto holder = in_the_way(next.owner->node, next.owner->id, next.range);
    if (holder == nullptr) return false;
    if (holder->id == waiter.owner->id) return true;
    std::optional<LockWaiter> waits = waiters_.waiter_of(holder->id);
    if (!waits.has_value()) return false;
    next = *std::move(waits);
  }
  return false;
}

std::shared_ptr<LockOwner> RemoteLocks::in_the_way(NodeId node, uint64_t id,
                                                   const struct flock& range) {
  const LockRange wanted = range_of(range);
  const std::lock_guard lock(mutex_);
  const auto found = owners_.find(static_cast<uint64_t>(node));
  if (found == owners_.end()) return nullptr;
  for (const auto& owner : found->second) {
    if (owner->id != id && owner->ranges.conflict(wanted)) return owner;
  }
  return nullptr;
}

Result<struct flock> RemoteLocks::get(const OpenFile& file, uint64_t id,
                                      const struct flock& range) {
  struct flock asked = range;
  asked.l_pid = 0;
  const auto owner = find(file.node, kRanges, id);
  int result = 0;
  if (owner == nullptr) {
    result = ::fcntl(file.fd->get(), F_OFD_GETLK, &asked);
  } else {
    const std::lock_guard calls(owner->calls);
    const Fd& own = owner->description;
    result = ::fcntl(own.valid() ? own.get() : file.fd->get(), F_OFD_GETLK, &asked);
  }
  if (result != 0) return errno_status("F_OFD_GETLK");
  if (asked.l_type == F_UNLCK) return asked;
  // The backing filesystem knows the daemon's locks as those of descriptions, without a process.
  struct flock whose = asked;
  whose.l_type = F_WRLCK;  // To meet a shared one, too.
  if (const auto holder = in_the_way(file.node, id, whose)) {
    const std::lock_guard lock(mutex_);
    asked.l_pid = holder->pid;
  }
  return asked;
}

template <typename Gone>
void RemoteLocks::take_out(NodeId node, Gone gone) {
  Owners taken;  // Their descriptions are closed after the lock.
  {
    const std::lock_guard lock(mutex_);
    const auto found = owners_.find(static_cast<uint64_t>(node));
    if (found == owners_.end()) return;
    Owners& owners = found->second;
    for (size_t i = 0; i < owners.size();) {
      if (!gone(*owners[i])) {
        ++i;
        continue;
      }
      range_count_ -= owners[i]->ranges.size();
      --owner_count_;
      taken.push_back(std::move(owners[i]));
      owners[i] = std::move(owners.back());
      owners.pop_back();
    }
    if (owners.empty()) owners_.erase(found);
  }
  if (taken.empty()) return;
  taken.clear();
  waiters_.try_now();
}

void RemoteLocks::drop(const OpenFile& file, uint64_t id) {
  take_out(file.node,
           [id](const LockOwner& owner) { return owner.kind == kRanges && owner.id == id; });
}

void RemoteLocks::close(const OpenFile& file) {
  take_out(file.node, [&file](const LockOwner& owner) { return owner.file == &file; });
}

size_t RemoteLocks::owners() {
  const std::lock_guard lock(mutex_);
  return owner_count_;
}

}  // namespace vexfs::fs
