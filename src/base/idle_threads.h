// IdleThreads: threads that run when nobody else wants the CPU or the disk, unless someone waits
// for their work.
#ifndef VEXFS_BASE_IDLE_THREADS_H_
#define VEXFS_BASE_IDLE_THREADS_H_

#include <sys/types.h>

#include <chrono>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"

namespace vexfs {

// The threads have the scheduler's idle policy, except those that take locks that others wait for.
// The policy works within a group of tasks only, and each session (with autogroups, sched(7)) and
// each service (with systemd) is such a group. So between pieces of work the threads also look
// whether others want the CPU, and rest if so.
//
// On a busy machine idle threads make hardly any progress, so they run as normal threads while
// someone waits for their work. Where the system does not permit the idle policy, they always do;
// where it permits no return from it (RLIMIT_NICE), they stay idle until they end.
//
// Threads: all methods may run at once. mutex_ is a leaf.
class IdleThreads {
 public:
  // Clocks of a thread at one moment.
  struct Times {
    std::chrono::nanoseconds clock{};
    std::chrono::nanoseconds process_cpu{};  // Of all threads of the process.
    std::chrono::nanoseconds cpu{};          // Of this thread.
    std::chrono::nanoseconds delay{};        // How long this thread was runnable without a CPU.
  };
  // Whether other processes kept the thread from running between the two moments.
  static bool others_ran(const Times& before, const Times& after, unsigned cpus);

  // kNormal is for a thread that takes locks: it keeps the normal policy and only rests.
  enum class Policy { kIdle, kNormal };

  // Makes the calling thread one of the idle threads for as long as the Member lives.
  class Member {
   public:
    explicit Member(IdleThreads& all, Policy policy = Policy::kIdle);
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member();

    // Rests while others want the CPU. Call it between pieces of work of a few milliseconds.
    void give_way();

   private:
    Times times() const;

    IdleThreads& all_;
    const pid_t thread_;
    const Fd statistics_;  // /proc/thread-self/schedstat.
    Times before_;
  };

  static constexpr std::chrono::seconds kHurry{1};
  // Someone waits: the threads do not idle for the next kHurry, whatever set_idle() says.
  void hurry();
  // Returns whether the threads idle now.
  bool set_idle(bool idle);

 private:
  using Clock = std::chrono::steady_clock;

  void set_all_idle(bool idle) REQUIRES(mutex_);
  static void set_idle(pid_t thread, bool idle);

  Mutex mutex_;
  CondVar hurried_;
  std::vector<pid_t> threads_ GUARDED_BY(mutex_);
  bool idle_ GUARDED_BY(mutex_) = true;
  Clock::time_point hurried_until_ GUARDED_BY(mutex_) = Clock::time_point::min();
};

}  // namespace vexfs

#endif  // VEXFS_BASE_IDLE_THREADS_H_
