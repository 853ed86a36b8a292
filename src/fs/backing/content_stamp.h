// ContentStamp: whether a file changed while it was open for writing. With passthrough the daemon
// sees no write.
#ifndef VEXFS_FS_BACKING_CONTENT_STAMP_H_
#define VEXFS_FS_BACKING_CONTENT_STAMP_H_

#include <sys/types.h>
#include <time.h>

namespace vexfs::fs {

// What a file looked like before it could be changed.
struct ContentStamp {
  bool known = false;  // When false, the file counts as changed.
  off_t size = 0;
  timespec mtime = {};
  timespec ctime = {};
};

// The stamp is not known for a file that changed just now: the clock of timestamps has steps, and
// another change within the same step would leave no trace.
ContentStamp content_stamp(int fd);

// Whether the file changed since `before`. It is false also for a file without a name, since nobody
// can find that one.
bool changed_since(const ContentStamp& before, int fd);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_CONTENT_STAMP_H_
