// DirectoryStream: one open directory of the mount.
#ifndef VEXFS_FS_BACKING_DIRECTORY_STREAM_H_
#define VEXFS_FS_BACKING_DIRECTORY_STREAM_H_

#include <sys/types.h>

#include <array>
#include <cstdint>

#include "base/fd.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"

namespace vexfs::fs {

// One entry as getdents64(2) gives it.
struct DirectoryEntry {
  uint64_t inode;
  off_t next_offset;   // Where a reader goes on after this entry.
  unsigned char type;  // DT_*.
  const char* name;    // Valid until the next call on the stream.
};

// Reads the backing directory in blocks. Offsets are the backing filesystem's own cookies, so that
// a reader who comes back after the directory changed sees what that filesystem promises.
//
// Threads: callers hold mutex() around seek(), peek() and consume().
class DirectoryStream {
 public:
  explicit DirectoryStream(Fd fd) : fd_(std::move(fd)) {}

  Mutex& mutex() RETURN_CAPABILITY(mutex_) { return mutex_; }
  int descriptor() const { return fd_.get(); }

  // Makes the entry after `offset` the current one.
  Status seek(off_t offset) REQUIRES(mutex_);
  // Gives the current entry; false at the end.
  Result<bool> peek(DirectoryEntry& entry) REQUIRES(mutex_);
  // Makes the next entry the current one. Only after a peek() that gave an entry.
  void consume() REQUIRES(mutex_);

 private:
  Fd fd_;
  Mutex mutex_;
  // Of the current entry.
  off_t offset_ GUARDED_BY(mutex_) = 0;
  // The current entry starts here in buffer_, of which filled_ bytes are records.
  size_t position_ GUARDED_BY(mutex_) = 0;
  size_t filled_ GUARDED_BY(mutex_) = 0;
  alignas(8) std::array<char, limits::kDirectoryBufferBytes> buffer_ GUARDED_BY(mutex_);
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_DIRECTORY_STREAM_H_
