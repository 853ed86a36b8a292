// Requests go through `.vexfs/query`, `.vexfs/control` and `.vexfs/status` of the directory,
// vectors through the attribute user.vexfs.vector.<space> of its files. Each of the first two stays
// open between requests: a write begins a new one, whose reply is then read to its end.
#include "cli/tree/mounted_tree_client.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>

#include "base/limits.h"
#include "tree/open_beneath.h"

namespace vexfs::cli {
namespace {

constexpr size_t kReadBytes = size_t{64} << 10;

// Reads from the file's offset to its end. EFBIG beyond limits::kReplyBytesMax.
Result<std::string> read_reply(const Fd& file) {
  std::string text;
  for (;;) {
    const size_t before = text.size();
    if (before > limits::kReplyBytesMax) return Status(EFBIG, "the reply");
    text.resize(before + kReadBytes);
    const ssize_t bytes = ::read(file.get(), text.data() + before, kReadBytes);
    if (bytes < 0) return errno_status("reading the reply");
    text.resize(before + static_cast<size_t>(bytes));
    if (bytes == 0) return text;
  }
}

std::string attribute_of(const std::string& space) { return "user.vexfs.vector." + space; }

}  // namespace

bool MountedTreeClient::answers(const Fd& directory) {
  const Fd surface(::openat(directory.get(), ".vexfs", O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct statfs filesystem;
  // A store is called `.vexfs` too, and may itself lie on another FUSE filesystem, but has no
  // status.
  return surface.valid() && ::fstatfs(surface.get(), &filesystem) == 0 &&
         filesystem.f_type == FUSE_SUPER_MAGIC &&
         ::faccessat(surface.get(), "status", F_OK, 0) == 0;
}

Result<std::string> MountedTreeClient::exchange(Fd& file, const char* name,
                                                std::string_view request) {
  if (request.size() > limits::kQueryBytesMax) return Status(E2BIG, "the request");
  if (!file.valid()) {
    file = Fd(::openat(directory_.get(), name, O_RDWR | O_CLOEXEC));
    if (!file.valid() && errno == EROFS) {
      return Status(EROFS, "the mount takes no requests; `ls .vexfs/search/QUESTION` answers");
    }
    if (!file.valid()) return errno_status("the mount's own file");
  }
  // One write is one request.
  const ssize_t written = ::write(file.get(), request.data(), request.size());
  if (written < 0) return errno_status("the request");
  if (static_cast<size_t>(written) != request.size()) return Status(EIO, "the request");
  return read_reply(file);
}

Result<std::string> MountedTreeClient::query(std::string_view request) {
  return exchange(query_, ".vexfs/query", request);
}

Result<std::string> MountedTreeClient::control(std::string_view request) {
  return exchange(control_, ".vexfs/control", request);
}

Result<std::string> MountedTreeClient::status() {
  const Fd file(::openat(directory_.get(), ".vexfs/status", O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return errno_status("the mount's status");
  return read_reply(file);
}

// Extended attributes want a path or a readable descriptor; /proc/self/fd/N serves for a file that
// the caller may not read.
Result<MountedTreeClient::Target> MountedTreeClient::target(const std::string& path) const {
  VEXFS_TRY(file, tree::open_beneath(directory_.get(), path, O_PATH));
  const ProcPath way(file.get());
  return Target{std::move(file), way};
}

Status MountedTreeClient::set_vectors(const std::string& path, const std::string& space,
                                      std::span<const float> vectors) {
  VEXFS_TRY(file, target(path));
  if (::setxattr(file.way.c_str(), attribute_of(space).c_str(), vectors.data(),
                 vectors.size_bytes(), 0) != 0) {
    return errno_status("setting the vector");
  }
  return Status();
}

Result<std::vector<float>> MountedTreeClient::get_vectors(const std::string& path,
                                                          const std::string& space) {
  VEXFS_TRY(file, target(path));
  value_.resize(limits::kXattrValueBytesMax / sizeof(float));
  const ssize_t bytes = ::getxattr(file.way.c_str(), attribute_of(space).c_str(), value_.data(),
                                   limits::kXattrValueBytesMax);
  if (bytes < 0) return errno_status("getting the vector");
  const size_t count = static_cast<size_t>(bytes) / sizeof(float);
  return std::vector<float>(value_.begin(), value_.begin() + static_cast<ptrdiff_t>(count));
}

Status MountedTreeClient::remove_vectors(const std::string& path, const std::string& space) {
  VEXFS_TRY(file, target(path));
  if (::removexattr(file.way.c_str(), attribute_of(space).c_str()) != 0) {
    return errno_status("removing the vector");
  }
  return Status();
}

}  // namespace vexfs::cli
