// Clients: runs an operation in several processes that start together.
#ifndef VEXFS_BENCH_FS_CLIENTS_H_
#define VEXFS_BENCH_FS_CLIENTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "daemon_cost.h"
#include "op.h"

namespace vexfs::bench {

struct Measured {
  uint64_t operations = 0;            // Of all clients together.
  double seconds = 0;                 // From the first start to the last end.
  std::vector<uint32_t> nanoseconds;  // Per operation, one a step; none with --total.
  DaemonCost cost;                    // With --daemon: what it spent on the operations.
};

// The steps of each client's working directory; `op` says what they need in it.
void prepare_clients(const Options& options, const Op& op);
// Nothing is returned if a client failed; it has said why.
std::optional<Measured> measure_clients(const Options& options, const Op& op);
void clean_clients(const Options& options);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_CLIENTS_H_
