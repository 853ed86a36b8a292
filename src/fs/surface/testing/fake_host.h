// FakeHost: a SurfaceHost whose answers the test sets.
#ifndef VEXFS_FS_SURFACE_TESTING_FAKE_HOST_H_
#define VEXFS_FS_SURFACE_TESTING_FAKE_HOST_H_

#include <atomic>
#include <string>
#include <vector>

#include "fs/surface/result_watches.h"
#include "fs/surface/surface_host.h"
#include "fs/surface/surface_workers.h"

namespace vexfs::fs {

// Workers may call do_job() at once; the other fields belong to the test's own thread.
class FakeHost final : public SurfaceHost {
 public:
  bool post_report(Report, fuse_req_t, const fuse_file_info&) override { return false; }
  void do_job(SurfaceJob& job) override {
    bytes += job.bytes;
    ++done;
    done.notify_all();
    job = SurfaceJob();
  }
  Result<std::vector<std::string>> watched_paths(const WatchedQuestion&) override {
    ++searches;
    if (error != 0) return Status(error, "test");
    return paths;
  }
  uint64_t generation() override { return now; }

  // Of the jobs that were done.
  std::atomic<size_t> bytes{0};
  std::atomic<int> done{0};
  // What a search finds, or the errno that it fails with.
  std::vector<std::string> paths;
  int error = 0;
  uint64_t now = 1;
  int searches = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_TESTING_FAKE_HOST_H_
