// Fd: a file descriptor with one owner.
#ifndef VEXFS_BASE_FD_H_
#define VEXFS_BASE_FD_H_

#include <unistd.h>

#include <utility>

namespace vexfs {

// Move-only; closes on destruction. -1 is "none". A descriptor is owned on the line that creates
// it:
//   Fd fd(::openat(dir, name, O_PATH | O_CLOEXEC));
//   if (!fd.valid()) return errno_status("openat");
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~Fd() { reset(); }

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_FD_H_
