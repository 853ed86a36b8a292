// DaemonCost: the CPU time and context switches that a file system daemon has spent.
#ifndef VEXFS_BENCH_FS_DAEMON_COST_H_
#define VEXFS_BENCH_FS_DAEMON_COST_H_

#include <sys/types.h>

#include <cstdint>

namespace vexfs::bench {

struct DaemonCost {
  uint64_t cpu_ns = 0;
  uint64_t switches = 0;
  uint64_t threads = 0;  // In a difference, those of the later one.
};

// The difference, at least 0: the share of a thread that ended in between is missing in the later.
DaemonCost operator-(const DaemonCost& after, const DaemonCost& before);

// The sum over the living threads of `pid`, from /proc. Ends the program when there is no such
// process. For pid 0 all figures are 0.
DaemonCost daemon_cost(pid_t pid);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_DAEMON_COST_H_
