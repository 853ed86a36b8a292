// Session: libfuse's session on our transport.
#ifndef VEXFS_FS_REQUESTS_SESSION_H_
#define VEXFS_FS_REQUESTS_SESSION_H_

#include <atomic>

#include "base/fd.h"
#include "base/status.h"
#include "fs/mount_options.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

// open() mounts; the destructor unmounts what open() has mounted, unless that was done already, and
// nothing else at the same path. Used by the service thread.
class Session {
 public:
  explicit Session(FileSystem& fs) : fs_(fs) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Makes the mount; requests wait until a ReaderPool serves them. libfuse and fusermount3 have
  // written their messages about a failure to stderr by the time it returns.
  Status open(const MountOptions& options, bool allow_other);
  // True once the kernel's INIT has been answered: from then on the mount works.
  bool ready() const { return ready_.load(); }

 private:
  bool hang_up();
  static void on_init(void* userdata, fuse_conn_info* connection);

  FileSystem& fs_;
  // A duplicate of the device's descriptor, with a higher number than that of the socket to
  // fusermount3 (auto_unmount). When the daemon is killed, the kernel releases the file with the
  // highest descriptor first, so the mount is dead by the time fusermount3 looks at it. A mount
  // that it saw alive it would leave behind.
  Fd device_copy_;
  bool mounted_ = false;
  uint64_t mount_id_ = 0;
  // Static, because libfuse's user data is the FileSystem. A process has one session.
  static std::atomic<bool> ready_;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_SESSION_H_
