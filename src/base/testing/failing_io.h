// FailingIo: for tests, makes the real calls until a chosen one, which fails, alone or with all
// after it.
#ifndef VEXFS_BASE_TESTING_FAILING_IO_H_
#define VEXFS_BASE_TESTING_FAILING_IO_H_

#include <atomic>
#include <cerrno>
#include <functional>

#include "base/file_io.h"

namespace vexfs::engine {

// Threads: any.
class FailingIo final : public FileIo {
 public:
  // Counts from now on; the first call is step 0. With -1 no call fails.
  void fail_at(int step, bool for_ever) {
    steps_ = 0;
    for_ever_ = for_ever;
    failing_ = step;
  }
  bool fired() const { return failing_ >= 0 && steps_ > failing_; }

  // Called before each openat(), which waits until it returns. Set it while no other thread runs.
  std::function<void(const char* name)> before_open;

  int openat(int dir, const char* name, int flags, mode_t mode) override {
    if (before_open) before_open(name);
    return fails() ? -1 : real_.openat(dir, name, flags, mode);
  }
  ssize_t pread(int fd, void* bytes, size_t count, off_t offset) override {
    return fails() ? -1 : real_.pread(fd, bytes, count, offset);
  }
  ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) override {
    return fails() ? -1 : real_.pwrite(fd, bytes, count, offset);
  }
  int fdatasync(int fd) override { return fails() ? -1 : real_.fdatasync(fd); }
  int fsync(int fd) override { return fails() ? -1 : real_.fsync(fd); }
  int renameat(int from_dir, const char* from, int to_dir, const char* to) override {
    return fails() ? -1 : real_.renameat(from_dir, from, to_dir, to);
  }
  int unlinkat(int dir, const char* name, int flags) override {
    return fails() ? -1 : real_.unlinkat(dir, name, flags);
  }
  int mkdirat(int dir, const char* name, mode_t mode) override {
    return fails() ? -1 : real_.mkdirat(dir, name, mode);
  }
  int fallocate(int fd, int mode, off_t offset, off_t count) override {
    return fails() ? -1 : real_.fallocate(fd, mode, offset, count);
  }
  int ftruncate(int fd, off_t size) override { return fails() ? -1 : real_.ftruncate(fd, size); }

 private:
  bool fails() {
    const int step = steps_++;
    const bool failed = failing_ >= 0 && (for_ever_ ? step >= failing_ : step == failing_);
    if (failed) errno = EIO;
    return failed;
  }

  FileIo& real_ = system_io();
  std::atomic<int> steps_{0};
  std::atomic<int> failing_{-1};
  std::atomic<bool> for_ever_{false};
};

}  // namespace vexfs::engine

#endif  // VEXFS_BASE_TESTING_FAILING_IO_H_
