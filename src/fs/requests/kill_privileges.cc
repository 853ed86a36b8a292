// The rule, and the caller's supplementary groups, which it needs for files of another group.
#include "fs/requests/kill_privileges.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstring>
#include <string_view>

#include "base/fd.h"
#include "base/proc_path.h"
#include "fs/reply_buffer.h"
#include "fs/requests/handlers.h"

namespace vexfs::fs {
namespace {

// The bytes of a proc(5) status file that are read. A list of groups that is longer is cut off.
constexpr size_t kStatusBytesMax = 65536;

// Reads /proc/PID/status into the thread's reply buffer, which holds no reply at that time.
std::string_view read_status(pid_t pid) {
  char path[32] = "/proc/";
  char* end = std::to_chars(path + 6, path + sizeof(path) - 8, pid).ptr;
  std::memcpy(end, "/status", sizeof("/status"));
  const Fd fd(::open(path, O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return {};
  const ReplyBuffer buffer = reply_buffer();
  size_t used = 0;
  while (used < kStatusBytesMax) {
    const ssize_t bytes = ::read(fd.get(), buffer.data + used, kStatusBytesMax - used);
    if (bytes <= 0) break;
    used += static_cast<size_t>(bytes);
  }
  return {buffer.data, used};
}

// A caller of another pid namespace is unknown here (pid 0) and counts as having no groups, so that
// bits are cleared rather than kept.
bool has_supplementary_group(pid_t pid, gid_t gid) {
  std::string_view status = pid > 0 ? read_status(pid) : std::string_view();
  const size_t line = status.find("\nGroups:");
  if (line == std::string_view::npos) return false;
  status.remove_prefix(line + sizeof("\nGroups:") - 1);
  status = status.substr(0, status.find('\n'));
  const char* at = status.data();
  const char* end = at + status.size();
  while (at < end) {
    if (*at < '0' || *at > '9') {
      ++at;
      continue;
    }
    gid_t group = 0;
    at = std::from_chars(at, end, group).ptr;
    if (group == gid) return true;
  }
  return false;
}

Status change_mode(int fd, mode_t from, mode_t to) {
  if (from == to) return {};
  return ::chmod(ProcPath(fd).c_str(), to & 07777) == 0 ? Status() : errno_status("chmod");
}

}  // namespace

Status kill_privileges(int fd, const fuse_ctx& caller) {
  struct stat stat;
  if (::fstat(fd, &stat) != 0) return errno_status("fstat");
  if (!S_ISREG(stat.st_mode)) return {};
  mode_t mode = stat.st_mode & ~static_cast<mode_t>(S_ISUID);
  if ((mode & S_ISGID) != 0) {
    const bool keeps = (mode & S_IXGRP) == 0 && (caller.uid == 0 || caller.gid == stat.st_gid ||
                                                 has_supplementary_group(caller.pid, stat.st_gid));
    if (!keeps) mode &= ~static_cast<mode_t>(S_ISGID);
  }
  return change_mode(fd, stat.st_mode, mode);
}

Status clear_setgid(int fd) {
  struct stat stat;
  if (::fstat(fd, &stat) != 0) return errno_status("fstat");
  return change_mode(fd, stat.st_mode, stat.st_mode & ~static_cast<mode_t>(S_ISGID));
}

}  // namespace vexfs::fs
