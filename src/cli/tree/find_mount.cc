// Reads a report of the mount that a path lies in. Every directory of a mount has a `.vexfs`, so
// one look beside the path is enough.
#include "cli/tree/find_mount.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

namespace vexfs::cli {

Result<std::string> read_surface(const std::string& path, const std::string& name) {
  struct stat stat;
  if (::stat(path.c_str(), &stat) != 0) return errno_status("stat");
  std::string directory = path;
  if (!S_ISDIR(stat.st_mode)) {
    const size_t slash = path.rfind('/');
    directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  }
  const std::string surface = directory + "/.vexfs/" + name;
  Fd fd(::open(surface.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return errno_status("no VexFS is mounted here");
  std::string text;
  char block[4096];
  for (;;) {
    const ssize_t bytes = ::read(fd.get(), block, sizeof(block));
    if (bytes < 0) return errno_status("read");
    if (bytes == 0) return text;
    text.append(block, static_cast<size_t>(bytes));
    if (text.size() > limits::kReportBytesMax) return Status(EFBIG, "report");
  }
}

}  // namespace vexfs::cli
