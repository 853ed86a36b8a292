// IdleThreads: threads that run when nobody else wants the CPU or the disk, unless someone waits.
#ifndef VEXFS_BASE_IDLE_THREADS_H_
#define VEXFS_BASE_IDLE_THREADS_H_

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/fd.h"

namespace vexfs {

// They have the scheduler's idle policy, but for those that take locks for which others wait. It
// counts within a group of tasks alone, and each session is one with autogroups (sched(7)), each
// service is one with systemd: so between pieces of work they also look whether others want the
// CPU, and rest if so.
//
// On a machine that has no time to spare an idle thread comes to little: while someone waits for
// its work it is a thread as any other. Where the system permits neither, it always is one; one
// that idles and may not stop (RLIMIT_NICE) idles until it ends.
//
// Threads: all methods may run at once. Its mutex is a leaf.
class IdleThreads {
 public:
  // What a thread knows of the time that went by.
  struct Times {
    std::chrono::nanoseconds clock{};
    std::chrono::nanoseconds process_cpu{};  // Of all threads of the process.
    std::chrono::nanoseconds cpu{};          // Of this thread,
    std::chrono::nanoseconds delay{};        // and for how long it could have run, but had no CPU.
  };
  // Whether others than this process kept the thread from running, between the two.
  static bool others_ran(const Times& before, const Times& after, unsigned cpus);

  enum class Policy { kIdle, kNormal };  // Of a thread that takes locks: kNormal, it only rests.

  // The calling thread is one of them for as long as this lives.
  class Member {
   public:
    explicit Member(IdleThreads& all, Policy policy = Policy::kIdle);
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member();

    // Between two pieces of work of some milliseconds at most.
    void give_way();

   private:
    Times times() const;

    IdleThreads& all_;
    const pid_t thread_;
    const Fd statistics_;  // /proc/thread-self/schedstat.
    Times before_;
  };

  static constexpr std::chrono::seconds kHurry{1};
  // Someone waits: for so long they do not idle, whatever set_idle() says.
  void hurry();
  // Returns whether they idle now.
  bool set_idle(bool idle);

 private:
  using Clock = std::chrono::steady_clock;

  void set_all_idle(bool idle);
  static void set_idle(pid_t thread, bool idle);

  std::mutex mutex_;
  std::condition_variable hurried_;
  std::vector<pid_t> threads_;
  bool idle_ = true;
  Clock::time_point hurried_until_ = Clock::time_point::min();
};

}  // namespace vexfs

#endif  // VEXFS_BASE_IDLE_THREADS_H_
