// The queue and its thread.
#include "fs/locks/lock_waiters.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "base/limits.h"
#include "fs/locks/lock_owner.h"

namespace vexfs::fs {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kPauseMin{limits::kLockPauseMs};
constexpr Milliseconds kPauseMax{limits::kLockPauseMaxMs};

}  // namespace

Status LockWaiters::start() {
  entries_.reserve(limits::kLockWaitersMax);  // So that add() allocates nothing.
  VEXFS_TRY(thread,
            Thread::start({"vexfs-lock", limits::kSurfaceStackBytes, 0}, &LockWaiters::run, this));
  thread_.emplace(std::move(thread));
  return {};
}

void LockWaiters::stop() {
  if (!thread_.has_value()) return;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_->join();
  thread_.reset();
}

bool LockWaiters::add(LockWaiter waiter) {
  requests_.listen(waiter.req, this);
  {
    std::lock_guard lock(mutex_);
    if (entries_.size() == limits::kLockWaitersMax || stopping_) return false;
    // An interrupt that came before this found nobody.
    const bool interrupted = requests_.is_interrupted(waiter.req);
    entries_.push_back({std::move(waiter), interrupted});
    try_now_ = true;  // Its holder may have let go since it was tried.
  }
  changed_.notify_one();
  return true;
}

void LockWaiters::interrupt(fuse_req_t req) {
  {
    std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [req](const Entry& entry) { return entry.waiter.req == req; });
    if (found == entries_.end()) return;
    found->interrupted = true;
    try_now_ = true;
  }
  changed_.notify_one();
}

void LockWaiters::try_now() {
  {
    std::lock_guard lock(mutex_);
    if (entries_.empty()) return;
    try_now_ = true;
  }
  changed_.notify_one();
}

std::vector<LockWaiter> LockWaiters::of_ranges() {
  std::vector<LockWaiter> found;
  std::lock_guard lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.waiter.owner->kind == LockOwner::Kind::kRanges) found.push_back(entry.waiter);
  }
  return found;
}

size_t LockWaiters::size() {
  std::lock_guard lock(mutex_);
  return entries_.size();
}

void LockWaiters::run(void* self) { static_cast<LockWaiters*>(self)->serve(); }

void LockWaiters::serve() {
  std::unique_lock lock(mutex_);
  Milliseconds pause = kPauseMin;
  while (!stopping_ || !entries_.empty()) {
    const auto due = [this] { return try_now_ || stopping_; };
    if (entries_.empty()) {
      changed_.wait(lock, due);
    } else {
      changed_.wait_for(lock, pause, due);
    }
    pause = std::exchange(try_now_, false) ? kPauseMin : std::min(2 * pause, kPauseMax);
    try_all(lock);
  }
}

// While the lock is open others may add entries behind, and mark some as interrupted.
void LockWaiters::try_all(std::unique_lock<std::mutex>& lock) {
  for (size_t at = 0; at < entries_.size();) {
    const bool ends = entries_[at].interrupted || stopping_;
    const int reason = entries_[at].interrupted ? EINTR : ENOTCONN;
    LockWaiter waiter = entries_[at].waiter;
    lock.unlock();
    const int error = ends ? reason : attempt_(context_, waiter);
    lock.lock();
    if (error == EAGAIN) {
      ++at;
      continue;
    }
    entries_.erase(entries_.begin() + static_cast<ptrdiff_t>(at));
    lock.unlock();
    waiter.owner
        .reset();  // The last reference closes a file, and none is left once it is answered.
    requests_.answer(waiter, error);
    lock.lock();
  }
}

}  // namespace vexfs::fs
