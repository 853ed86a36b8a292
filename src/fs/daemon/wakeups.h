// Wakeups: keeps idle CPUs quick to wake while requests come in a burst.
#ifndef VEXFS_FS_DAEMON_WAKEUPS_H_
#define VEXFS_FS_DAEMON_WAKEUPS_H_

#include "base/fd.h"

namespace vexfs::fs {

// Two wake-ups of another CPU are most of the cost of a metadata request on a quiet machine: an
// idle CPU sleeps deeply (a virtual one leaves the guest), and waking it takes 30-60 us where the
// request itself takes 5. The kernel's PM QoS interface (Documentation/power/pm_qos_interface.rst)
// lets a process ask for idle CPUs that wake at once, for as long as it holds the request; the
// request ends with the descriptor, also when the daemon is killed. It is held during bursts only,
// and costs power, not other programs' time: only idle CPUs are affected.
//
// Threads: used by the service thread alone.
class Wakeups {
 public:
  // Opens /dev/cpu_dma_latency; without it (no root) hold() does nothing.
  void enable();
  bool enabled() const { return device_.valid(); }
  void hold();
  void release();
  bool holding() const { return holding_; }

 private:
  void write_latency(int microseconds);

  Fd device_;
  bool holding_ = false;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_WAKEUPS_H_
