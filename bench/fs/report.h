// Report: what bench_fs prints.
#ifndef VEXFS_BENCH_FS_REPORT_H_
#define VEXFS_BENCH_FS_REPORT_H_

#include "clients.h"
#include "daemon_cost.h"

namespace vexfs::bench {

// `cost` is what the daemon spent on the operations; null when none was asked for.
void print_report(const Options& options, const Op& op, Measured measured, const DaemonCost* cost);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_REPORT_H_
