// DaemonCost: the CPU time and context switches that a file system daemon has spent.
#ifndef VEXFS_BENCH_FS_DAEMON_COST_H_
#define VEXFS_BENCH_FS_DAEMON_COST_H_

#include <sys/types.h>

#include <cstdint>

namespace vexfs::bench {

struct DaemonCost {
  uint64_t cpu_ns = 0;
  uint64_t switches = 0;
  uint64_t threads = 0;  // Of the later of two.
};

// The difference; a thread that ended in between takes its share along, so it stops at 0.
DaemonCost operator-(const DaemonCost& after, const DaemonCost& before);

// Summed over the living threads of `pid`, from /proc; dies when there is no such process. 0 costs
// nothing.
DaemonCost daemon_cost(pid_t pid);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_DAEMON_COST_H_
