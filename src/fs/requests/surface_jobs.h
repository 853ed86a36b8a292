// SurfaceJobs: the mount as the surface sees it. Jobs become queries to the engine, administration,
// directories of results and changes of saved searches.
#ifndef VEXFS_FS_REQUESTS_SURFACE_JOBS_H_
#define VEXFS_FS_REQUESTS_SURFACE_JOBS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fs/surface/result_watches.h"
#include "fs/surface/surface_host.h"
#include "fs/surface/surface_workers.h"

namespace vexfs::fs {

struct FileSystem;

// Keeps nothing of its own; threads as SurfaceHost says.
class SurfaceJobs final : public SurfaceHost {
 public:
  // `fs` is the mount that this object is a part of.
  explicit SurfaceJobs(FileSystem& fs) : fs_(fs) {}

  bool post_report(Report report, fuse_req_t req, const fuse_file_info& fi) override;
  void do_job(SurfaceJob& job) override;
  Result<std::vector<std::string>> watched_paths(const WatchedQuestion& question) override;
  uint64_t generation() override;

 private:
  FileSystem& fs_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_SURFACE_JOBS_H_
