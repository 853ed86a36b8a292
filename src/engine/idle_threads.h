// IdleThreads: threads that run when nobody else wants the CPU or the disk, unless someone waits.
#ifndef VEXFS_ENGINE_IDLE_THREADS_H_
#define VEXFS_ENGINE_IDLE_THREADS_H_

#include <sys/types.h>

#include <mutex>
#include <vector>

namespace vexfs::engine {

// On a machine that has no time to spare an idle thread comes to nothing: while someone waits for
// its work it is a thread as any other. Where the system permits neither, it always is one.
//
// Threads: all methods may run at once. Its mutex is a leaf.
class IdleThreads {
 public:
  void join();  // The calling thread is one of them, until it ends.
  void set_idle(bool idle);

 private:
  static void set_idle(pid_t thread, bool idle);

  std::mutex mutex_;
  std::vector<pid_t> threads_;
  bool idle_ = true;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_IDLE_THREADS_H_
