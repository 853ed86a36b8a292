// Kernel passthrough of file data, on libfuse 3.14, which does not know it.
//
// The kernel moves the data of a file between its page cache and the caller without the daemon,
// once (1) the INIT reply asks for FUSE_PASSTHROUGH with a stack depth, (2) the backing file is
// registered on the session's descriptor, and (3) the reply to open carries its id. libfuse 3.14
// can do none of the three, so: the session's `writev` hook hands the INIT reply to
// patch_init_reply(); open() and close() make the ioctls; the replies to open and create are built
// in fuse_abi.h's structs.
//
// FUSE_HANDLE_KILLPRIV_V2 is asked for at the same place: without it each write(2) of the mount
// asks the daemon for security.capability first, which costs four fifths of the speed of 4k writes.
// In return the daemon clears setuid and setgid bits when a request says so.
//
// Threads: init_* run once, on the thread that serves INIT; the rest may run on any.
#ifndef VEXFS_FS_BACKING_PASSTHROUGH_H_
#define VEXFS_FS_BACKING_PASSTHROUGH_H_

#include <sys/uio.h>

#include <atomic>
#include <cstdint>

#include "base/status.h"
#include "fs/backing/fuse_abi.h"

namespace vexfs::fs {

class Passthrough {
 public:
  // `wanted`: the -o passthrough option. `privileged`: registration needs CAP_SYS_ADMIN.
  Passthrough(bool wanted, bool privileged);

  void set_session(int session_fd) { session_fd_ = session_fd; }

  // The kernel's INIT request, before libfuse sees it.
  void init_request(const abi::InHeader& header, const abi::InitIn& in);
  // True for the reply to it, which must then be patched before it is written.
  bool is_init_reply(const iovec* iov, int count) const;
  void patch_init_reply(abi::InitOut& out);

  // Registers a descriptor that is not an O_PATH one. Returns its id, or 0 when the data of this
  // file goes through requests.
  int open(int fd);
  void close(int backing_id);

  bool active() const { return off_reason_.load(std::memory_order_relaxed) == nullptr; }
  const char* reason() const;  // Why it is off, or "active".
  // Whether FUSE_SETXATTR_EXT was agreed on: then SETXATTR requests say when setgid must be
  // cleared.
  bool extends_setxattr() const { return extends_setxattr_; }

 private:
  void turn_off(StaticText reason);

  int session_fd_ = -1;
  uint64_t init_unique_ = 0;
  uint32_t kernel_flags_ = 0;
  uint32_t kernel_flags2_ = 0;
  bool init_replied_ = false;
  bool extends_setxattr_ = false;
  std::atomic<const char*> off_reason_{nullptr};
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_PASSTHROUGH_H_
