// ReportQueue: opens of reports that wait for the service thread, which makes the texts.
#ifndef VEXFS_FS_REQUESTS_REPORT_QUEUE_H_
#define VEXFS_FS_REQUESTS_REPORT_QUEUE_H_

#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "fs/backing/fuse_lowlevel.h"
#include "fs/surface/surface_host.h"

namespace vexfs::fs {

struct WaitingReport {
  Report report;
  fuse_req_t req;
  fuse_file_info fi;
};

// Holds limits::kReportsWaitingMax requests at most, and allocates nothing after construction on
// the side that posts.
//
// Threads: post() on request threads, take() on the service thread.
class ReportQueue {
 public:
  ReportQueue();

  // False when the queue is full: then the request is still the caller's.
  [[nodiscard]] bool post(const WaitingReport& waiting);
  // All that wait, in the order in which they came. The caller answers each of them.
  std::vector<WaitingReport> take();
  // An eventfd, readable while requests wait; -1 when the process had no descriptor left for it.
  int ready_fd() const { return ready_.get(); }

 private:
  Fd ready_;
  Mutex mutex_;  // A leaf.
  std::vector<WaitingReport> waiting_ GUARDED_BY(mutex_);
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_REPORT_QUEUE_H_
