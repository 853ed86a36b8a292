// SurfaceWorkers: threads for requests to the surface that need more stack than a request thread
// has.
#ifndef VEXFS_FS_SURFACE_SURFACE_WORKERS_H_
#define VEXFS_FS_SURFACE_SURFACE_WORKERS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"
#include "base/thread.h"
#include "fs/backing/fuse_lowlevel.h"
#include "fs/backing/node.h"
#include "fs/surface/surface_host.h"

namespace vexfs::fs {

class StreamFile;

// A request that a worker answers. The request thread no longer uses it.
struct SurfaceJob {
  enum class Kind : uint32_t {
    kQuery,
    kQueryF32,
    kControl,
    kSimilar,
    kSearch,
    kSaved,      // Looks a saved search up.
    kSavedList,  // Opens the directory of all.
    kSavedMake,
    kSavedRemove,
    kSavedRename,  // `request` is both names, with a zero byte between them.
    kWatch,        // Opens `.changes` of results.
  };
  static constexpr uint32_t kKinds = 11;

  Kind kind = Kind::kQuery;
  fuse_req_t req = nullptr;
  // The node of the surface that is asked.
  NodeId node = kNoNode;
  // The directory whose surface that is. kNoNode for results: the ResultTable knows their
  // directory.
  NodeId directory = kNoNode;
  // The directory that a saved search is moved to.
  NodeId new_directory = kNoNode;
  // For jobs that answer an open.
  fuse_file_info fi = {};
  // The stream that was written to, if any.
  StreamFile* file = nullptr;
  // The bytes that were written, or the name that is looked up.
  std::unique_ptr<char[]> request = {};
  size_t bytes = 0;
  uint64_t arrived = 0;  // monotonic_nanoseconds().

  std::string_view text() const { return {request.get(), bytes}; }
};

// The service thread starts the threads when the first job is posted. A mount that is never asked
// anything has none.
//
// Threads: post() is for request threads; the others belong to the service thread. mutex_ is a
// leaf.
class SurfaceWorkers {
 public:
  // `host` does the jobs; it must outlive the workers.
  explicit SurfaceWorkers(SurfaceHost& host);
  ~SurfaceWorkers() { stop(); }
  SurfaceWorkers(const SurfaceWorkers&) = delete;
  SurfaceWorkers& operator=(const SurfaceWorkers&) = delete;

  // False when limits::kSurfaceJobsMax jobs wait, and after stop(): then the job is left as it was.
  [[nodiscard]] bool post(SurfaceJob& job);

  // An eventfd, readable when start() is due. -1 when the process had no descriptor left for it:
  // then nothing may be posted.
  int start_fd() const { return start_due_.get(); }
  // A failure is logged, and the jobs wait for the next attempt.
  void start();
  // Ends the threads, once they have done the jobs that wait. Later jobs are refused.
  void stop();

 private:
  void run();
  bool take(SurfaceJob& job);

  SurfaceHost& host_;
  Fd start_due_;
  std::vector<Thread> threads_;

  Mutex mutex_;
  CondVar posted_;
  std::array<SurfaceJob, limits::kSurfaceJobsMax> jobs_ GUARDED_BY(mutex_);  // A ring.
  size_t first_ GUARDED_BY(mutex_) = 0;
  size_t waiting_ GUARDED_BY(mutex_) = 0;
  bool started_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_SURFACE_WORKERS_H_
