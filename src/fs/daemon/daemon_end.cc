// Polls the process, and where there is none to poll, the lock.
#include "fs/daemon/daemon_end.h"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <optional>
#include <string>

#include "fs/daemon/process_links.h"
#include "fs/daemon/process_words.h"
#include "fs/daemon/say.h"
#include "fs/daemon/waiting.h"
#include "store/store_lock.h"

namespace vexfs::fs {
namespace {

constexpr int kStepMilliseconds = 20;

// What is still in the way after at most one step of waiting; empty when nothing is.
std::string in_the_way(const Daemon& daemon, const Fd& source) {
  pollfd ended = {daemon.process.get(), POLLIN, 0};
  const bool is_process = daemon.process.valid();
  if (::poll(&ended, is_process ? 1 : 0, kStepMilliseconds) == 1) return {};
  const std::optional<pid_t> holder = store::store_lock_holder(source);
  if (holder.has_value() && (!is_process || *holder == daemon.pid)) {
    return holder_in_words(*holder, daemon.source);
  }
  return is_process ? process_in_words(daemon.pid) + " has not ended yet" : std::string();
}

}  // namespace

bool serves_a_mount(pid_t pid) {
  const auto is_fuse = [](const std::string&, const std::string& target) {
    return target == "/dev/fuse";
  };
  return !find_open_file("/proc/" + std::to_string(pid), is_fuse).empty();
}

Status wait_for_end(const Daemon& daemon, uint32_t seconds) {
  const Fd source(::open(daemon.source.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (Waiting waiting(seconds);;) {
    const std::string words = in_the_way(daemon, source);
    if (words.empty()) return {};
    if (waiting.goes_on(words)) continue;
    say("unmounted, but " + words);
    return Status(EBUSY, "the daemon has not ended");
  }
}

}  // namespace vexfs::fs
