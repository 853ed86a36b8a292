// vexfs unmount: detaches the mount, and waits for its daemon to end unless asked to be lazy.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/fd.h"
#include "cli/commands.h"
#include "cli/tree/find_mount.h"
#include "fs/backing/mountinfo.h"
#include "fs/daemon/mount.h"
#include "fs/daemon/stale_mount.h"

namespace vexfs::cli {
namespace {

// A daemon ends within milliseconds; one that waits for a dead backing must not hold up the user.
constexpr int kDaemonEndMilliseconds = 5000;

// How long the mount may take to answer which process serves it.
constexpr int kAnswerMilliseconds = 1000;

// The daemon's pid by the mount's own status; 0 where it says none.
pid_t pid_by_status(const std::string& mountpoint) {
  const auto text = read_surface(mountpoint, "status");
  if (!text.ok()) return 0;
  const auto status = nlohmann::json::parse(text.value(), nullptr, false);
  return status.is_object() ? status.value("pid", pid_t{0}) : 0;
}

// A pidfd of the daemon behind the mount; none where it does not answer in time. A daemon that
// hangs is what people unmount for, and a process that waits for it keeps the mount busy. So a
// child asks, which can be killed.
Fd daemon_of(const std::string& mountpoint) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return Fd();
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return Fd();
  if (child == 0) {
    const pid_t pid = pid_by_status(mountpoint);
    (void)!::write(writing.get(), &pid, sizeof(pid));
    ::_exit(0);
  }
  writing.reset();
  pid_t pid = 0;
  pollfd answer = {reading.get(), POLLIN, 0};
  if (::poll(&answer, 1, kAnswerMilliseconds) == 1) {
    (void)!::read(reading.get(), &pid, sizeof(pid));
  }
  (void)::kill(child, SIGKILL);
  (void)::waitpid(child, nullptr, 0);
  return pid > 0 ? Fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) : Fd();
}

}  // namespace

int run_unmount(const std::string& mountpoint, bool lazily) {
  const std::string path = fs::resolve_mount_path(mountpoint);
  if (path.empty()) return fail(mountpoint, errno);
  const auto mount = fs::mount_at(path);
  if (!mount || !mount->type.starts_with("fuse")) {
    return fail(mountpoint + ": no VexFS is mounted here");
  }
  const Fd daemon = lazily ? Fd() : daemon_of(path);
  const Status status = fs::unmount(path, lazily);
  if (!status.ok()) return fail(mountpoint + ": " + status.what(), status.error());
  // The filesystem below can be unmounted once the daemon has closed it.
  if (daemon.valid()) {
    pollfd ended = {daemon.get(), POLLIN, 0};
    (void)::poll(&ended, 1, kDaemonEndMilliseconds);
  }
  return kExitOk;
}

}  // namespace vexfs::cli
