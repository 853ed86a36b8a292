// Wakeups: keeps idle CPUs quick to wake while requests come in a burst.
#ifndef VEXFS_FS_DAEMON_WAKEUPS_H_
#define VEXFS_FS_DAEMON_WAKEUPS_H_

#include "base/fd.h"

namespace vexfs::fs {

// On a quiet machine two wake-ups of another CPU are most of the cost of a metadata request. An
// idle CPU sleeps deeply (a virtual one leaves the guest), and waking it takes 30-60 us, while the
// request itself takes 5. Through the kernel's PM QoS interface
// (Documentation/power/pm_qos_interface.rst) a process can ask that idle CPUs wake at once. The
// wish lasts as long as its descriptor is open, so it also ends when the daemon is killed. It is
// made during bursts only. It costs power but not other programs' time, since it affects idle CPUs
// only.
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
