// Service: what the daemon's main thread, the service thread, does besides requests.
#ifndef VEXFS_FS_DAEMON_SERVICE_H_
#define VEXFS_FS_DAEMON_SERVICE_H_

#include <signal.h>

#include <cstdint>

#include "base/fd.h"
#include "base/status.h"
#include "fs/daemon/wakeups.h"
#include "fs/mount_options.h"
#include "fs/requests/file_system.h"
#include "fs/requests/reader_pool.h"

namespace vexfs::fs {

// Waits for signals (SIGTERM, SIGINT, SIGHUP end the mount), writes the log, makes the reports of
// the surface, holds the wake-up latency down while requests come in bursts, and hands the lead on
// when a request is stuck. Sleeps without a timer while the mount is idle.
class Service {
 public:
  Service(FileSystem& fs, ReaderPool& readers, const MountOptions& options);

  // The signals that end the daemon.
  static sigset_t ending_signals();
  // Before any thread starts: blocks the signals that run() waits for.
  static void block_signals();

  Status start();
  // Returns after a signal, or when the session has ended.
  void run();
  // The eventfd for ReaderPool::start().
  int activity_fd() const { return activity_.get(); }

 private:
  void make_reports();
  // One step of the clock while requests come. Returns the milliseconds to the next one, -1 for
  // none.
  int tick();
  bool ended_by_signal();

  FileSystem& fs_;
  ReaderPool& readers_;
  const MountOptions& options_;
  Wakeups wakeups_;
  Fd signals_;
  Fd activity_;

  uint64_t served_at_last_tick_ = 0;
  int quiet_ticks_ = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_SERVICE_H_
