// FileSystem: all that a request can reach. One per mount, handed to libfuse as its user data.
#ifndef VEXFS_FS_REQUESTS_FILE_SYSTEM_H_
#define VEXFS_FS_REQUESTS_FILE_SYSTEM_H_

#include <memory>

#include "engine/engine.h"
#include "fs/backing/attributes.h"
#include "fs/backing/backing.h"
#include "fs/backing/mount_tree.h"
#include "fs/backing/passthrough.h"
#include "fs/locks/remote_locks.h"
#include "fs/measure/latencies.h"
#include "fs/measure/operation.h"
#include "fs/requests/report_queue.h"
#include "fs/requests/surface_jobs.h"
#include "fs/surface/surface.h"

namespace vexfs::fs {

struct FileSystem {
  FileSystem(Fd root, bool by_handle, bool passthrough_wanted, bool privileged)
      : passthrough(passthrough_wanted, privileged),
        backing(std::move(root), by_handle, passthrough),
        surface_jobs(*this),
        surface(backing, surface_jobs) {}

  fuse_session* session = nullptr;  // Set before the first request.
  Timeouts timeouts;
  // The backing filesystem writes back at close(2) (NFS, CIFS, Ceph), so FLUSH requests are served.
  bool flush_on_close = false;
  // Null without `-o remote_locks`; then the kernel keeps all file locks.
  std::unique_ptr<RemoteLocks> locks;
  OperationCounters counters;
  Latencies latencies;
  Passthrough passthrough;
  Backing backing;
  // Both are null where the source cannot carry vectors; engine_status says why.
  std::unique_ptr<MountTree> tree;
  std::unique_ptr<engine::Engine> engine;
  Status engine_status;
  ReportQueue reports;
  // Before the surface, whose threads use it until they have ended.
  SurfaceJobs surface_jobs;
  Surface surface;

  bool hears_close() const { return flush_on_close || locks != nullptr; }
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_FILE_SYSTEM_H_
