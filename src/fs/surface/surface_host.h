// SurfaceHost: what the surface needs from the mount that it is a part of.
#ifndef VEXFS_FS_SURFACE_SURFACE_HOST_H_
#define VEXFS_FS_SURFACE_SURFACE_HOST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "fs/backing/fuse_lowlevel.h"

namespace vexfs::fs {

struct SurfaceJob;
struct WatchedQuestion;

enum class Report : uint32_t { kStatus = 1, kStack = 2, kMetrics = 3 };

// The surface knows neither the engine nor the mount's reports. It asks for both through this
// interface, which fs/requests implements (SurfaceJobs). The host outlives the surface.
class SurfaceHost {
 public:
  virtual ~SurfaceHost() = default;

  // Queues an open of a report; the service thread makes the text and answers the request. False
  // when too many wait: then the request is still the caller's. On request threads.
  [[nodiscard]] virtual bool post_report(Report report, fuse_req_t req,
                                         const fuse_file_info& fi) = 0;
  // Answers the job's request, once, and leaves the job empty. On the surface's workers.
  virtual void do_job(SurfaceJob& job) = 0;
  // The paths of a question's results as they are now. On workers and on the thread of
  // ResultWatches.
  virtual Result<std::vector<std::string>> watched_paths(const WatchedQuestion& question) = 0;
  // A number that changes whenever results may have changed. On the thread of ResultWatches.
  virtual uint64_t generation() = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_SURFACE_HOST_H_
