// Backlog: whether requests queue up in such a way that a second reader would help.
#ifndef VEXFS_FS_REQUESTS_BACKLOG_H_
#define VEXFS_FS_REQUESTS_BACKLOG_H_

#include <atomic>
#include <cstdint>

namespace vexfs::fs {

// Where there are CPUs to spare it always does. On one or two CPUs a second reader takes the first
// one's or the clients', and the first one is fastest when it never sleeps; there it helps only
// with requests in which the reader does sleep, for a disk.
//
// One object per term of a leader, used by its thread alone.
class Backlog {
 public:
  // What all terms share.
  struct Shared {
    const bool spare_cpus;
    // Times that help is called without a look whether the reader sleeps. The leader's.
    std::atomic<uint32_t> calls{0};
  };
  static bool machine_has_spare_cpus();

  explicit Backlog(Shared& shared) : shared_(shared) {}

  // After each request is read: whether it was waiting already. True: another reader should take
  // the next.
  bool wants_help(bool was_waiting);

 private:
  Shared& shared_;
  uint32_t waiting_ = 0;  // Requests in a row.
  int64_t sleeps_ = 0;    // Of the thread, at the last look.
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_BACKLOG_H_
