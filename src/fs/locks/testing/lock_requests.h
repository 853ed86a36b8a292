// AnsweredLocks: LockRequests for tests. Requests are numbers, and answers are kept.
#ifndef VEXFS_FS_LOCKS_TESTING_LOCK_REQUESTS_H_
#define VEXFS_FS_LOCKS_TESTING_LOCK_REQUESTS_H_

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>

#include "fs/locks/lock_waiters.h"

namespace vexfs::fs {

// There may be one at a time, since libfuse's functions have no context.
class AnsweredLocks {
 public:
  AnsweredLocks() { current_ = this; }
  ~AnsweredLocks() { current_ = nullptr; }
  AnsweredLocks(const AnsweredLocks&) = delete;
  AnsweredLocks& operator=(const AnsweredLocks&) = delete;

  static fuse_req_t request(uintptr_t number) { return reinterpret_cast<fuse_req_t>(number); }

  // Waits for the answer.
  int answer(uintptr_t number) {
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [&] { return answers_.contains(request(number)); });
    return answers_[request(number)];
  }
  bool has_answer(uintptr_t number) {
    std::lock_guard lock(mutex_);
    return answers_.contains(request(number));
  }
  // Interrupts a request as the kernel does; it may come before anybody listens to the request.
  void interrupt(uintptr_t number) {
    LockWaiters* waiters = nullptr;
    {
      std::lock_guard lock(mutex_);
      interrupted_.insert(request(number));
      const auto found = listening_.find(request(number));
      if (found != listening_.end()) waiters = found->second;
    }
    if (waiters != nullptr) waiters->interrupt(request(number));
  }

  static void keep(fuse_req_t req, int error) {
    std::lock_guard lock(current_->mutex_);
    EXPECT_TRUE(current_->answers_.emplace(req, error).second) << "answered twice";
    current_->answered_.notify_all();
  }

  static const LockRequests& requests() {
    static constexpr LockRequests kRequests = {
        [](const LockWaiter& waiter, int error) { keep(waiter.req, error); },
        [](fuse_req_t req, LockWaiters* waiters) { current_->listen(req, waiters); },
        [](fuse_req_t req) { return current_->is_interrupted(req); }};
    return kRequests;
  }

 private:
  void listen(fuse_req_t req, LockWaiters* waiters) {
    std::lock_guard lock(mutex_);
    listening_[req] = waiters;
  }
  bool is_interrupted(fuse_req_t req) {
    std::lock_guard lock(mutex_);
    return interrupted_.contains(req);
  }

  static inline AnsweredLocks* current_ = nullptr;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::map<fuse_req_t, int> answers_;
  std::map<fuse_req_t, LockWaiters*> listening_;
  std::set<fuse_req_t> interrupted_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_LOCKS_TESTING_LOCK_REQUESTS_H_
