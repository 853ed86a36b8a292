// Report: what bench_fs prints.
#ifndef VEXFS_BENCH_FS_REPORT_H_
#define VEXFS_BENCH_FS_REPORT_H_

#include "clients.h"

namespace vexfs::bench {

void print_report(const Options& options, const Op& op, Measured measured);

}  // namespace vexfs::bench

#endif  // VEXFS_BENCH_FS_REPORT_H_
