// A ring of jobs and the threads that empty it.
#include "fs/surface/surface_workers.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "base/log.h"

namespace vexfs::fs {

SurfaceWorkers::SurfaceWorkers(SurfaceHost& host)
    : host_(host), start_due_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool SurfaceWorkers::post(SurfaceJob& job) {
  bool start = false;
  {
    MutexLock lock(mutex_);
    if (waiting_ == jobs_.size() || stopping_) return false;
    jobs_[(first_ + waiting_) % jobs_.size()] = std::move(job);
    ++waiting_;
    start = !started_;
  }
  // Also before `started_` is set: while start() runs, its first threads may wait already.
  posted_.notify_one();
  if (start) {
    const uint64_t one = 1;
    (void)!::write(start_due_.get(), &one, sizeof(one));
  }
  return true;
}

void SurfaceWorkers::start() {
  uint64_t count = 0;
  (void)!::read(start_due_.get(), &count, sizeof(count));
  while (threads_.size() < limits::kSurfaceThreads) {
    auto thread =
        Thread::start<&SurfaceWorkers::run>({"vexfs-surface", limits::kSurfaceStackBytes, 0}, this);
    if (!thread.ok()) {
      log(LogLevel::kError, "a thread for queries could not be started", thread.status());
      break;
    }
    threads_.push_back(std::move(thread).value());
  }
  if (threads_.empty()) return;
  MutexLock lock(mutex_);
  started_ = true;
}

void SurfaceWorkers::stop() {
  bool has_jobs = false;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    has_jobs = waiting_ != 0;
  }
  if (has_jobs && threads_.empty()) start();
  posted_.notify_all();
  for (Thread& thread : threads_) thread.join();
  threads_.clear();
}

void SurfaceWorkers::run() {
  for (SurfaceJob job; take(job);) host_.do_job(job);
}

bool SurfaceWorkers::take(SurfaceJob& job) {
  MutexLock lock(mutex_);
  while (waiting_ == 0 && !stopping_) posted_.wait(lock);
  if (waiting_ == 0) return false;
  job = std::move(jobs_[first_]);
  first_ = (first_ + 1) % jobs_.size();
  --waiting_;
  return true;
}

}  // namespace vexfs::fs
