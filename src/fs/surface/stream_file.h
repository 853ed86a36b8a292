// StreamFile: one open of a query file. A write asks, and the reads that follow take the reply.
#ifndef VEXFS_FS_SURFACE_STREAM_FILE_H_
#define VEXFS_FS_SURFACE_STREAM_FILE_H_

#include <algorithm>
#include <atomic>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/status.h"

namespace vexfs::fs {

// Its address is the file handle that the kernel sends back with each request.
//
// Threads: all methods may run at once.
class StreamFile {
 public:
  // EMFILE when limits::kStreamFilesMax are open, ENOMEM.
  static Result<StreamFile*> open(std::atomic<uint32_t>& open_count) {
    if (open_count.fetch_add(1) >= limits::kStreamFilesMax) {
      open_count.fetch_sub(1);
      return Status(EMFILE, "limits::kStreamFilesMax streams are open");
    }
    auto* file = new (std::nothrow) StreamFile(open_count);
    if (file != nullptr) return file;
    open_count.fetch_sub(1);
    return Status(ENOMEM, "stream");
  }
  ~StreamFile() { open_count_.fetch_sub(1); }
  StreamFile(const StreamFile&) = delete;
  StreamFile& operator=(const StreamFile&) = delete;

  // Makes this the reply that the next reads give. What was unread of the last one is dropped.
  void set_reply(std::string reply) {
    MutexLock lock(mutex_);
    reply_.swap(reply);  // The old one is freed outside the lock.
    position_ = 0;
  }
  // Takes the next bytes of the reply; 0 at its end.
  size_t read(std::span<char> out) {
    MutexLock lock(mutex_);
    const size_t bytes = std::min(out.size(), reply_.size() - position_);
    std::memcpy(out.data(), reply_.data() + position_, bytes);
    position_ += bytes;
    return bytes;
  }

 private:
  explicit StreamFile(std::atomic<uint32_t>& open_count) : open_count_(open_count) {}

  std::atomic<uint32_t>& open_count_;
  Mutex mutex_;  // A leaf.
  std::string reply_ GUARDED_BY(mutex_);
  size_t position_ GUARDED_BY(mutex_) = 0;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_SURFACE_STREAM_FILE_H_
