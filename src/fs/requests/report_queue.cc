// Two vectors that are swapped, each with room for all that may wait.
#include "fs/requests/report_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/limits.h"

namespace vexfs::fs {

ReportQueue::ReportQueue() : ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  waiting_.reserve(limits::kReportsWaitingMax);
}

bool ReportQueue::post(const WaitingReport& waiting) {
  {
    MutexLock lock(mutex_);
    if (waiting_.size() == limits::kReportsWaitingMax) return false;
    waiting_.push_back(waiting);
  }
  const uint64_t one = 1;
  (void)!::write(ready_.get(), &one, sizeof(one));
  return true;
}

std::vector<WaitingReport> ReportQueue::take() {
  uint64_t count = 0;
  (void)!::read(ready_.get(), &count, sizeof(count));
  std::vector<WaitingReport> taken;
  taken.reserve(limits::kReportsWaitingMax);
  MutexLock lock(mutex_);
  taken.swap(waiting_);
  return taken;
}

}  // namespace vexfs::fs
