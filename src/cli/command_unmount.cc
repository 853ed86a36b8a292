// vexfs unmount: detaches the mount, and waits for its daemon to end unless asked to be lazy.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <nlohmann/json.hpp>

#include "base/fd.h"
#include "cli/commands.h"
#include "cli/tree/find_mount.h"
#include "fs/backing/mountinfo.h"
#include "fs/backing/unmount.h"
#include "fs/daemon/daemon_end.h"
#include "fs/daemon/inner_mount.h"
#include "fs/daemon/mount.h"

namespace vexfs::cli {
namespace {

constexpr int kAnswerMilliseconds = 1000;

// What the mount's own status says of its daemon. It goes through a pipe in one piece.
struct Answer {
  pid_t pid = 0;
  char source[PIPE_BUF - sizeof(pid_t)] = "";
};

Answer ask_status(const std::string& mountpoint) {
  Answer answer;
  const auto text = read_surface(mountpoint, "status");
  if (!text.ok()) return answer;
  const auto status = nlohmann::json::parse(text.value(), nullptr, false);
  if (!status.is_object()) return answer;
  answer.pid = status.value("pid", pid_t{0});
  const std::string source = status.value("source", std::string());
  if (source.size() < sizeof(answer.source)) source.copy(answer.source, source.size());
  return answer;
}

// The daemon behind the mount. A daemon that hangs is what people unmount for, and a process that
// waits for it keeps the mount busy. So a child asks, which can be killed. Of a daemon that does
// not answer in time only the source is known.
fs::Daemon daemon_of(const fs::MountInfo& mount) {
  fs::Daemon daemon;
  daemon.source = mount.source;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return daemon;
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return daemon;
  if (child == 0) {
    const Answer answer = ask_status(mount.mountpoint);
    (void)!::write(writing.get(), &answer, sizeof(answer));
    ::_exit(0);
  }
  writing.reset();
  Answer answer;
  pollfd answered = {reading.get(), POLLIN, 0};
  const bool whole = ::poll(&answered, 1, kAnswerMilliseconds) == 1 &&
                     ::read(reading.get(), &answer, sizeof(answer)) == ssize_t{sizeof(answer)};
  (void)::kill(child, SIGKILL);
  (void)::waitpid(child, nullptr, 0);
  if (!whole) return daemon;
  if (answer.source[0] != '\0') daemon.source = answer.source;
  if (!fs::serves_a_mount(answer.pid)) return daemon;
  daemon.pid = answer.pid;
  daemon.process = Fd(static_cast<int>(::syscall(SYS_pidfd_open, answer.pid, 0)));
  return daemon;
}

}  // namespace

int run_unmount(const UnmountArguments& arguments) {
  const std::string path = fs::resolve_mount_path(arguments.mountpoint);
  if (path.empty()) return fail(arguments.mountpoint, errno);
  if (const auto cover = fs::mount_over(path); cover.has_value()) {
    const Status inner = fs::unmount_inner(daemon_of(*cover), *cover, path, arguments.lazily);
    return inner.ok() ? kExitOk : fail(arguments.mountpoint + ": " + inner.what(), inner.error());
  }
  const auto mount = fs::mount_at(path);
  if (!mount || !mount->type.starts_with("fuse")) {
    return fail(arguments.mountpoint + ": no VexFS is mounted here");
  }
  const fs::Daemon daemon = arguments.lazily ? fs::Daemon() : daemon_of(*mount);
  const Status status = fs::unmount(path, arguments.lazily);
  if (!status.ok()) return fail(arguments.mountpoint + ": " + status.what(), status.error());
  // The next mount, and what lies below, need what the daemon still has. Detached lazily, it ends
  // with the last file that is open.
  if (arguments.lazily) return kExitOk;
  return fs::wait_for_end(daemon, arguments.wait_seconds).ok() ? kExitOk : kExitError;
}

}  // namespace vexfs::cli
