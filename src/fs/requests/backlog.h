// Backlog: whether requests queue up in such a way that a second reader would help.
#ifndef VEXFS_FS_REQUESTS_BACKLOG_H_
#define VEXFS_FS_REQUESTS_BACKLOG_H_

#include <atomic>
#include <cstdint>

namespace vexfs::fs {

// On a machine with CPUs to spare a second reader always helps with a backlog. On one or two CPUs
// it takes CPU time from the first reader or from the clients, and the first reader is fastest when
// it never sleeps. There a second reader helps only with requests in which the first one does
// sleep, as in those that wait for a disk.
//
// Threads: one object per term of a leader, used by the leader's thread alone.
class Backlog {
 public:
  // What the objects of all terms share.
  struct Shared {
    const bool spare_cpus;
    // How many more times help is called for without measuring whether the reader sleeps. Only the
    // leader uses it.
    std::atomic<uint32_t> calls{0};
  };
  static bool machine_has_spare_cpus();

  explicit Backlog(Shared& shared) : shared_(shared) {}

  // To be called after each request was read; `was_waiting` says that it was there already. True
  // when another reader should take the next request.
  bool wants_help(bool was_waiting);

 private:
  Shared& shared_;
  // Requests in a row that were waiting already.
  uint32_t waiting_ = 0;
  // How often the thread had slept when that was last measured.
  int64_t sleeps_ = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_BACKLOG_H_
