// Pacing: how the leader waits for the next request, by how contended the CPUs are.
#ifndef VEXFS_FS_REQUESTS_PACING_H_
#define VEXFS_FS_REQUESTS_PACING_H_

#include <sched.h>
#include <sys/types.h>

#include <cstdint>

namespace vexfs::fs {

// On a quiet machine the leader polls before it blocks. The client's next request then arrives
// while the leader still runs on another CPU, and no thread has to be woken.
//
// On a busy machine polling takes time that others need, and waking a thread on another CPU costs
// an interrupt there. The best place for the leader is then the client's own CPU, which the client
// leaves at that very moment. So the leader stops polling and follows its client for as long as
// more threads want to run than there are CPUs. (Being preempted is no sign of a busy machine: on a
// quiet one the clients that the leader wakes sometimes start on its CPU.)
//
// Threads: one object per request thread, made and used by that thread alone.
class Pacing {
 public:
  // Notes which CPUs the thread may use, and asks for short time slices, because a request takes a
  // few microseconds only (sched_setattr(2); kernels before 6.12 ignore it).
  Pacing();
  // Whether the leader should poll now before it blocks.
  bool polls() const { return contended_for_ == 0; }
  // To be called after each request, with the thread that sent it.
  void served(pid_t client);

 private:
  bool is_crowded() const;
  void follow(pid_t client);
  void roam();

  // All CPUs of the machine, not only those that the thread may use.
  const int64_t cpus_;
  cpu_set_t allowed_ = {};
  // The client's CPU, which the thread is bound to; -1 while it may use all of allowed_.
  int followed_cpu_ = -1;
  uint32_t requests_ = 0;
  // Checks in a row that found too many runnable threads.
  uint32_t crowded_checks_ = 0;
  // Requests until polling is tried again.
  uint32_t contended_for_ = 0;
};

// The number of runnable threads in the text of /proc/loadavg (proc(5)); -1 when the text has
// another form.
int runnable_of_loadavg(const char* text, size_t bytes);

// The CPU that a thread last ran on, from the text of its proc(5) stat file; -1 when the text has
// another form.
int cpu_of_stat(const char* text, size_t bytes);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_PACING_H_
