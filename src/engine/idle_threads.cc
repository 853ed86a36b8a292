// SCHED_IDLE, and the idle class of the disk's scheduler.
#include "engine/idle_threads.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vexfs::engine {

void IdleThreads::join() {
  const std::lock_guard lock(mutex_);
  threads_.push_back(::gettid());
  if (idle_) set_idle(threads_.back(), true);
}

void IdleThreads::set_idle(bool idle) {
  const std::lock_guard lock(mutex_);
  idle_ = idle;
  for (const pid_t thread : threads_) set_idle(thread, idle);
}

void IdleThreads::set_idle(pid_t thread, bool idle) {
  constexpr int kIoWhoProcess = 1;  // linux/ioprio.h.
  constexpr int kIoClassShift = 13;
  constexpr int kIoClassNone = 0;
  constexpr int kIoClassIdle = 3;
  const sched_param none = {};
  (void)::sched_setscheduler(thread, idle ? SCHED_IDLE : SCHED_OTHER, &none);
  const int io_class = idle ? kIoClassIdle : kIoClassNone;
  (void)::syscall(SYS_ioprio_set, kIoWhoProcess, thread, io_class << kIoClassShift);
}

}  // namespace vexfs::engine
