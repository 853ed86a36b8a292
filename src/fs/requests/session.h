// Session: libfuse's session on our transport.
#ifndef VEXFS_FS_REQUESTS_SESSION_H_
#define VEXFS_FS_REQUESTS_SESSION_H_

#include <atomic>

#include "base/fd.h"
#include "base/status.h"
#include "fs/mount_options.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

// Mounts in open(), unmounts in the destructor if the kernel has not done so already.
class Session {
 public:
  explicit Session(FileSystem& fs) : fs_(fs) {}
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Makes the mount; requests wait until a reader serves them. What libfuse and fusermount3 have to
  // say about a failure is on stderr by then.
  Status open(const MountOptions& options, bool allow_other);
  // The kernel's INIT has been answered: the mount works.
  bool ready() const { return ready_.load(); }

 private:
  static void on_init(void* userdata, fuse_conn_info* connection);

  FileSystem& fs_;
  // The device once more, under a number behind that of fusermount3's socket. When the daemon is
  // killed the kernel lets go of the highest first, so the mount is dead by the time fusermount3
  // (auto_unmount) looks; seeing it alive, it would leave it behind.
  Fd device_copy_;
  bool mounted_ = false;
  static std::atomic<bool> ready_;  // libfuse's user data is the FileSystem, and a process has one.
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_SESSION_H_
