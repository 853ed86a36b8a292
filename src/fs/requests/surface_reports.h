// The text of status, stack and metrics.
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

// For the service thread. At most limits::kReportBytesMax bytes, ending in a newline.
std::string make_report(const ReportSources& sources, Report report);

// Of the table that the build proved; 0 when it has none for the operation.
uint32_t proved_stack_bytes(const char* operation);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_SURFACE_REPORTS_H_
