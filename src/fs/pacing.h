// Pacing: how the leader waits for the next request, by how contended the CPUs are.
#ifndef VEXFS_FS_PACING_H_
#define VEXFS_FS_PACING_H_

#include <sched.h>
#include <sys/types.h>

#include <cstdint>

namespace vexfs::fs {

// On a quiet machine the leader polls before it blocks: the client's next request comes while it
// still runs, on another CPU, and needs no wake-up. On a busy one polling takes time that others
// need, and a wake-up of another CPU is an interrupt there; the best place is then the client's own
// CPU, which the client leaves at that very moment. So, while the scheduler takes the CPU from the
// leader, it stops polling and follows its client.
//
// One object per request thread, used by that thread alone.
class Pacing {
 public:
  // Notes the CPUs that the thread may use, and asks for short time slices: a request takes a few
  // microseconds (sched_setattr(2); kernels before 6.12 take no notice).
  void start();
  // Whether to poll before blocking, now.
  bool polls() const { return contended_for_ == 0; }
  // After each request, with the thread that sent it.
  void served(pid_t client);

 private:
  bool was_preempted();
  void follow(pid_t client);
  void roam();

  cpu_set_t allowed_ = {};
  int followed_cpu_ = -1;  // -1: the thread may use all of allowed_.
  uint32_t requests_ = 0;
  uint32_t contended_for_ = 0;  // Requests until polling is tried again.
  int64_t involuntary_switches_ = 0;
};

// The CPU that a thread last ran on, of the text of its proc(5) stat file; -1 when it is not of
// that form.
int cpu_of_stat(const char* text, size_t bytes);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_PACING_H_
