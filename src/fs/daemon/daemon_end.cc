// Polls the process, and where there is none to poll, the lock.
#include "fs/daemon/daemon_end.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

#include "fs/daemon/process_words.h"
#include "fs/daemon/say.h"
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
  const std::string descriptors = "/proc/" + std::to_string(pid) + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(descriptors.c_str()), ::closedir);
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    char target[16];
    const std::string link = descriptors + "/" + entry->d_name;
    const ssize_t bytes = ::readlink(link.c_str(), target, sizeof(target));
    if (bytes > 0 && std::string_view(target, static_cast<size_t>(bytes)) == "/dev/fuse") {
      return true;
    }
  }
  return false;
}

Status wait_for_end(const Daemon& daemon, uint32_t seconds) {
  const Fd source(::open(daemon.source.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
  for (bool said = false;;) {
    const std::string words = in_the_way(daemon, source);
    if (words.empty()) return {};
    const std::chrono::steady_clock::duration waited = std::chrono::steady_clock::now() - begin;
    if (waited >= std::chrono::seconds(seconds)) {
      say("unmounted, but " + words);
      return Status(EBUSY, "the daemon has not ended");
    }
    if (waited >= kSilence && !said) {
      say("waiting: " + words);
      said = true;
    }
  }
}

}  // namespace vexfs::fs
