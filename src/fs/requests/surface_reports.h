// The texts of the reports `status` and `stack`, which are JSON, and `metrics`, in the text format
// of Prometheus.
#ifndef VEXFS_FS_REQUESTS_SURFACE_REPORTS_H_
#define VEXFS_FS_REQUESTS_SURFACE_REPORTS_H_

#include <string>

#include "fs/mount_options.h"
#include "fs/requests/file_system.h"
#include "fs/surface/surface.h"

namespace vexfs::fs {

struct ReportSources {
  FileSystem& fs;
  const MountOptions& options;
  bool quick_wakeups;
};

// Makes the text of a report: at most limits::kReportBytesMax bytes, ending in a newline. For the
// service thread, as it needs more stack than a request has.
std::string make_report(const ReportSources& sources, Report report);

// The stack that the build proved for an operation; 0 when it proved none.
uint32_t proved_stack_bytes(const char* operation);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_SURFACE_REPORTS_H_
