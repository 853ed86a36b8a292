// SurfaceWorkers: threads for what the surface is asked that no request thread has the stack for.
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

// A request that a worker answers. Its request thread has left it.
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
  NodeId node = kNoNode;                 // Of the surface: what is asked.
  NodeId directory = kNoNode;            // Whose surface that is; of results the table knows.
  NodeId new_directory = kNoNode;        // Where a saved search is moved to.
  fuse_file_info fi = {};                // Of what is opened.
  StreamFile* file = nullptr;            // Of the stream that was written to, if any.
  std::unique_ptr<char[]> request = {};  // What was written, or the name that is looked up.
  size_t bytes = 0;
  uint64_t arrived = 0;  // monotonic_nanoseconds().

  std::string_view text() const { return {request.get(), bytes}; }
};

// The threads start when the first job comes, on the word of the service thread: a mount that is
// never asked has none.
//
// Threads: post() on request threads; the others belong to the service thread. mutex_ is a leaf.
class SurfaceWorkers {
 public:
  // `host` does the jobs; it must outlive the workers.
  explicit SurfaceWorkers(SurfaceHost& host);
  ~SurfaceWorkers() { stop(); }
  SurfaceWorkers(const SurfaceWorkers&) = delete;
  SurfaceWorkers& operator=(const SurfaceWorkers&) = delete;

  // False when limits::kSurfaceJobsMax wait; then the job is the caller's still.
  [[nodiscard]] bool post(SurfaceJob& job);

  // An eventfd, readable when start() is due. -1 when the process had no descriptor left for it:
  // then nothing may be posted.
  int start_fd() const { return start_due_.get(); }
  // A failure is told by the log, and the jobs wait for the next attempt.
  void start();
  // No job may be posted any more. Those that wait are done first.
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
