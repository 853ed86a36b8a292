// vexfs unmount
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/fd.h"
#include "cli/commands.h"
#include "cli/find_mount.h"
#include "fs/mount.h"
#include "fs/mountinfo.h"
#include "fs/stale_mount.h"

namespace vexfs::cli {
namespace {

// A daemon ends within milliseconds; one that a dead backing holds must not hold the user too.
constexpr int kDaemonEndMilliseconds = 5000;

constexpr std::chrono::seconds kAnswerTime{1};

// A pidfd of the daemon behind the mount; none where it does not answer in time: a daemon that
// hangs is what people unmount for.
Fd daemon_of(const std::string& mountpoint) {
  std::packaged_task<Result<std::string>()> ask([=] { return read_surface(mountpoint, "status"); });
  auto answer = ask.get_future();
  std::thread(std::move(ask)).detach();
  if (answer.wait_for(kAnswerTime) != std::future_status::ready) return Fd();
  const auto text = answer.get();
  if (!text.ok()) return Fd();
  const auto status = nlohmann::json::parse(text.value(), nullptr, false);
  const auto pid = status.is_object() ? status.value("pid", 0L) : 0L;
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
  // What lies below can be unmounted once the daemon has let go of it.
  if (daemon.valid()) {
    pollfd ended = {daemon.get(), POLLIN, 0};
    (void)::poll(&ended, 1, kDaemonEndMilliseconds);
  }
  return kExitOk;
}

}  // namespace vexfs::cli
