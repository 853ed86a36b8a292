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
  {
    const MutexLock lock(mutex_);
    entries_.reserve(limits::kLockWaitersMax);  // So that add() allocates nothing.
  }
  VEXFS_TRY(thread, Thread::start<&LockWaiters::serve>(
                        {"vexfs-lock", limits::kSurfaceStackBytes, 0}, this));
  thread_.emplace(std::move(thread));
  return {};
}

void LockWaiters::stop() {
  if (!thread_.has_value()) return;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_->join();
  thread_.reset();
}

bool LockWaiters::add(LockWaiter waiter) {
  requests_.listen(waiter.req, this);
  {
    MutexLock lock(mutex_);
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
    MutexLock lock(mutex_);
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
    MutexLock lock(mutex_);
    if (entries_.empty()) return;
    try_now_ = true;
  }
  changed_.notify_one();
}

std::vector<LockWaiter> LockWaiters::of_ranges() {
  std::vector<LockWaiter> found;
  MutexLock lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.waiter.owner->kind == LockOwner::Kind::kRanges) found.push_back(entry.waiter);
  }
  return found;
}

size_t LockWaiters::size() {
  MutexLock lock(mutex_);
  return entries_.size();
}

void LockWaiters::serve() {
  MutexLock lock(mutex_);
  Milliseconds pause = kPauseMin;
  while (!stopping_ || !entries_.empty()) {
    const auto due = [this] {
      mutex_.assert_held();
      return try_now_ || stopping_;
    };
    if (entries_.empty()) {
      changed_.wait(lock, due);
    } else {
      changed_.wait_for(lock, pause, due);
    }
    pause = std::exchange(try_now_, false) ? kPauseMin : std::min(2 * pause, kPauseMax);
    try_all();
  }
}

// The mutex is given back around calls; meanwhile others may add entries behind, and mark some as
// interrupted.
void LockWaiters::try_all() {
  for (size_t at = 0; at < entries_.size();) {
    const bool ends = entries_[at].interrupted || stopping_;
    const int reason = entries_[at].interrupted ? EINTR : ENOTCONN;
    LockWaiter waiter = entries_[at].waiter;
    mutex_.unlock();
    const int error = ends ? reason : attempts_.attempt(waiter);
    mutex_.lock();
    if (error == EAGAIN) {
      ++at;
      continue;
    }
    entries_.erase(entries_.begin() + static_cast<ptrdiff_t>(at));
    mutex_.unlock();
    // The last reference closes a file, so it goes before the answer.
    waiter.owner.reset();
    requests_.answer(waiter, error);
    mutex_.lock();
  }
}

}  // namespace vexfs::fs
