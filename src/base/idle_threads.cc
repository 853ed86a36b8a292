// SCHED_IDLE, the idle class of the disk's scheduler, and rests.
#include "base/idle_threads.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <thread>

namespace vexfs {

using std::chrono::nanoseconds;

namespace {

// A thread looks at the clocks at most this often.
constexpr std::chrono::milliseconds kLook{5};
// While others want the CPU, a thread rests this many times as long as it ran, so it gets a tenth.
constexpr int kRest = 9;
constexpr std::chrono::milliseconds kRestMax{100};

nanoseconds time_of(clockid_t clock) {
  timespec time = {};
  (void)::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

// "CPU-TIME RUN-DELAY TIMESLICES", in nanoseconds; 0 where the kernel does not count.
nanoseconds run_delay(int statistics) {
  std::array<char, 96> text;
  const ssize_t bytes = ::pread(statistics, text.data(), text.size(), 0);
  if (bytes <= 0) return {};
  const char* const end = text.data() + bytes;
  const char* const blank = std::find<const char*>(text.data(), end, ' ');
  int64_t delay = 0;
  if (blank != end) (void)std::from_chars(blank + 1, end, delay);
  return nanoseconds(delay);
}

}  // namespace

bool IdleThreads::others_ran(const Times& before, const Times& after, unsigned cpus) {
  const nanoseconds time = after.clock - before.clock;
  const bool delayed = after.delay - before.delay > time / 8;
  // A thread that waits only for threads of its own process has nobody to give way to.
  return delayed && after.process_cpu - before.process_cpu < time * cpus * 7 / 8;
}

IdleThreads::Member::Member(IdleThreads& all, Policy policy)
    : all_(all),
      thread_(::gettid()),
      statistics_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)),
      before_(times()) {
  if (policy == Policy::kNormal) return;
  const MutexLock lock(all_.mutex_);
  all_.threads_.push_back(thread_);
  if (all_.idle_) set_idle(thread_, true);
}

IdleThreads::Member::~Member() {
  const MutexLock lock(all_.mutex_);
  std::erase(all_.threads_, thread_);
}

IdleThreads::Times IdleThreads::Member::times() const {
  return {.clock = time_of(CLOCK_MONOTONIC),
          .process_cpu = time_of(CLOCK_PROCESS_CPUTIME_ID),
          .cpu = time_of(CLOCK_THREAD_CPUTIME_ID),
          .delay = run_delay(statistics_.get())};
}

void IdleThreads::Member::give_way() {
  if (time_of(CLOCK_MONOTONIC) - before_.clock < kLook) return;
  const Times now = times();
  if (others_ran(before_, now, std::thread::hardware_concurrency())) {
    const nanoseconds rest = std::min<nanoseconds>(kRest * (now.cpu - before_.cpu), kRestMax);
    MutexLock lock(all_.mutex_);
    all_.hurried_.wait_for(lock, rest, [this] {
      all_.mutex_.assert_held();
      return !all_.idle_;
    });
  }
  before_ = times();
}

void IdleThreads::hurry() {
  const MutexLock lock(mutex_);
  hurried_until_ = Clock::now() + kHurry;
  set_all_idle(false);
}

bool IdleThreads::set_idle(bool idle) {
  const MutexLock lock(mutex_);
  set_all_idle(idle && Clock::now() >= hurried_until_);
  return idle_;
}

void IdleThreads::set_all_idle(bool idle) {
  if (idle_ == idle) return;
  idle_ = idle;
  for (const pid_t thread : threads_) set_idle(thread, idle);
  hurried_.notify_all();
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

}  // namespace vexfs
