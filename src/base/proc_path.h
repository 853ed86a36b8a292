// ProcPath: "/proc/self/fd/N" without snprintf, whose frame alone is 2 KiB.
#ifndef VEXFS_BASE_PROC_PATH_H_
#define VEXFS_BASE_PROC_PATH_H_

#include <charconv>
#include <cstring>

namespace vexfs {

// Names the file behind an O_PATH descriptor, for system calls that take no AT_EMPTY_PATH. The
// magic link leads to the file itself, so where `fd` is a symlink it is not followed.
class ProcPath {
 public:
  explicit ProcPath(int fd) {
    std::memcpy(text_, kPrefix, sizeof(kPrefix) - 1);
    char* end = std::to_chars(text_ + sizeof(kPrefix) - 1, text_ + sizeof(text_) - 1, fd).ptr;
    *end = '\0';
  }
  const char* c_str() const { return text_; }

 private:
  static constexpr char kPrefix[] = "/proc/self/fd/";
  char text_[32];
};

}  // namespace vexfs

#endif  // VEXFS_BASE_PROC_PATH_H_
