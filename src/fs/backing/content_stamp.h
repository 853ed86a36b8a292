// ContentStamp: whether a file changed while it was open for writing. With passthrough the daemon
// sees no write.
#ifndef VEXFS_FS_BACKING_CONTENT_STAMP_H_
#define VEXFS_FS_BACKING_CONTENT_STAMP_H_

#include <sys/types.h>
#include <time.h>

namespace vexfs::fs {

// What a file looked like before it could be changed.
struct ContentStamp {
  bool known = false;  // False: taken to have changed.
  off_t size = 0;
  timespec mtime = {};
  timespec ctime = {};
};

// Not known for a file that changed just now: the clock of timestamps has steps, and a change
// within the same step would leave no trace.
ContentStamp content_stamp(int fd);

// False also for a file without a name: nobody can find it.
bool changed_since(const ContentStamp& before, int fd);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_CONTENT_STAMP_H_
