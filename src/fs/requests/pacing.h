// Pacing: how the leader waits for the next request, by how contended the CPUs are.
#ifndef VEXFS_FS_REQUESTS_PACING_H_
#define VEXFS_FS_REQUESTS_PACING_H_

#include <sched.h>
#include <sys/types.h>

#include <cstdint>

namespace vexfs::fs {

// On a quiet machine the leader polls before it blocks: the client's next request comes while it
// still runs, on another CPU, and needs no wake-up. On a busy one polling takes time that others
// need, and a wake-up of another CPU is an interrupt there; the best place is then the client's own
// CPU, which the client leaves at that very moment. So, while more threads want to run than there
// are CPUs, the leader stops polling and follows its client. (That it was preempted tells nothing:
// on a quiet machine clients that it wakes start on its CPU at times.)
//
// One object per request thread, made and used by that thread alone.
class Pacing {
 public:
  // Notes the CPUs that the thread may use, and asks for short time slices: a request takes a few
  // microseconds (sched_setattr(2); kernels before 6.12 take no notice).
  Pacing();
  // Whether to poll before blocking, now.
  bool polls() const { return contended_for_ == 0; }
  // After each request, with the thread that sent it.
  void served(pid_t client);

 private:
  bool is_crowded() const;
  void follow(pid_t client);
  void roam();

  const int64_t cpus_;  // Of the machine, not only those that the thread may use.
  cpu_set_t allowed_ = {};
  int followed_cpu_ = -1;  // -1: the thread may use all of allowed_.
  uint32_t requests_ = 0;
  uint32_t crowded_checks_ = 0;  // In a row.
  uint32_t contended_for_ = 0;   // Requests until polling is tried again.
};

// The threads that run or could, of the text of /proc/loadavg (proc(5)); -1 when it is not of that
// form.
int runnable_of_loadavg(const char* text, size_t bytes);

// The CPU that a thread last ran on, of the text of its proc(5) stat file; -1 when it is not of
// that form.
int cpu_of_stat(const char* text, size_t bytes);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_PACING_H_
