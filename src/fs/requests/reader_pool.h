// ReaderPool: the threads that read requests from the kernel and serve them.
#ifndef VEXFS_FS_REQUESTS_READER_POOL_H_
#define VEXFS_FS_REQUESTS_READER_POOL_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "base/status.h"
#include "base/thread.h"
#include "fs/requests/backlog.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

class Pacing;

struct ReaderOptions {
  uint32_t threads;
  size_t stack_bytes;
  uint32_t measure_stack_every;
  // Poll before blocking, and follow the client under contention: see Pacing.
  bool poll_briefly;
  // Create files with the caller's user and group.
  bool switch_ids;
};

// The pool has one leader; the others are followers. The leader reads and serves one request after
// the other. A client that waits for each answer is thus served by one warm thread, and no thread
// has to be woken for each request. The lead goes to a follower
// - before a request that may take long (data, fsync, allocation),
// - when requests queue up and a second reader would help, which Backlog decides,
// - when the leader has been in one request for too long, which relieve_stuck_leader() finds out.
//
// Pacing decides how the leader waits for the next request.
//
// Threads: start(), stop() and relieve_stuck_leader() belong to the service thread.
class ReaderPool {
 public:
  ReaderPool(FileSystem& fs, const ReaderOptions& options);
  ~ReaderPool();

  // `activity` is an eventfd, written when requests begin to come after a pause, and when the
  // session has ended.
  Status start(int activity);
  // Ends the threads and waits for them, even while the filesystem is still mounted somewhere.
  void stop();

  // The number of requests since the start.
  uint64_t served() const { return served_.load(std::memory_order_relaxed); }
  bool ended() const { return ended_.load(std::memory_order_relaxed); }
  bool serving() const { return serving_since_.load(std::memory_order_relaxed) != 0; }
  // Passes the lead on when its holder has been in the same request since the last call.
  void relieve_stuck_leader();
  // From now on the next request writes to the eventfd.
  void announce_next() { announce_.store(true, std::memory_order_relaxed); }

 private:
  // What each thread runs.
  void serve();
  // Leads until the lead is given away; false when the session has ended.
  bool lead(fuse_buf& buffer, Pacing* pacing, uint64_t term);
  // Waits for the next request. Returns its size, or a negative errno.
  ssize_t receive(char* memory, const Pacing* pacing, bool& was_waiting);
  void pass_lead(uint64_t term);
  void announce();
  void end();

  FileSystem& fs_;
  const ReaderOptions options_;
  int activity_ = -1;
  int device_ = -1;
  Fd stop_;  // An eventfd that interrupts the leader's wait.
  std::vector<Thread> threads_;

  // A leaf in the lock order. The term counts leaders; a leader whose term is over is a follower.
  Mutex mutex_;
  CondVar followers_;
  bool lead_is_free_ GUARDED_BY(mutex_) = true;
  std::atomic<uint64_t> term_{0};

  Backlog::Shared backlog_{.spare_cpus = Backlog::machine_has_spare_cpus()};
  std::atomic<uint64_t> served_{0};
  std::atomic<uint64_t> serving_since_{0};  // served_ + 1 while the leader is in a request, else 0.
  uint64_t last_seen_serving_ = 0;          // Of the service thread.
  std::atomic<bool> announce_{true};
  std::atomic<bool> ended_{false};
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_READER_POOL_H_
