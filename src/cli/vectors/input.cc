// Files and pipes, read to their end. Stdin is duplicated, so that its owner may close it.
#include "cli/vectors/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace vexfs::cli {

Result<Fd> open_input(const std::string& name) {
  const bool is_stdin = name == "-";
  Fd fd(is_stdin ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                 : ::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return errno_status("open");
  return fd;
}

Result<std::string> read_input(const std::string& name, size_t bytes_max) {
  constexpr size_t kBlock = 65536;
  VEXFS_TRY(fd, open_input(name));
  std::string text;
  for (;;) {
    const size_t before = text.size();
    text.resize(before + kBlock);
    const ssize_t bytes = ::read(fd.get(), text.data() + before, kBlock);
    if (bytes < 0 && errno == EINTR) {
      text.resize(before);
      continue;
    }
    if (bytes < 0) return errno_status("read");
    text.resize(before + static_cast<size_t>(bytes));
    if (text.size() > bytes_max) return Status(EFBIG, "too much input");
    if (bytes == 0) return text;
  }
}

}  // namespace vexfs::cli
