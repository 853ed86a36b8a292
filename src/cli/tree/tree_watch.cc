// A directory that appears is walked after its watch is set, so nothing in it is missed.
#include "cli/tree/tree_watch.h"

#include <dirent.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "base/limits.h"

namespace vexfs::cli {
namespace {

constexpr uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                             IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK;
constexpr size_t kEventBytes = 64 << 10;

bool is_ours(std::string_view name) { return name == ".vexfs"; }

std::vector<std::string> directories_in(const std::string& directory) {
  std::vector<std::string> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), ::closedir);
  while (stream != nullptr) {
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || is_ours(name)) continue;
    // Where the filesystem does not say the type, IN_ONLYDIR refuses what is no directory.
    if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) continue;
    found.push_back(directory + "/" + entry->d_name);
  }
  return found;
}

}  // namespace

Result<TreeWatch> TreeWatch::create(const std::string& root) {
  Fd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!inotify.valid()) return errno_status("inotify");
  TreeWatch watch(std::move(inotify));
  watch.add_below(root);
  return watch;
}

bool TreeWatch::add(const std::string& directory) {
  if (paths_.size() >= limits::kWatchedDirectoriesMax) {
    whole_ = false;
    return false;
  }
  const int id = ::inotify_add_watch(inotify_.get(), directory.c_str(), kEvents);
  if (id < 0) {
    // The directory is gone, is no directory, or may not be read: there is nothing to watch.
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) whole_ = false;
    return false;
  }
  paths_[id] = directory;
  return true;
}

// A directory is watched before it is read: one that is made in between is either read or reported.
void TreeWatch::add_below(const std::string& directory) {
  std::vector<std::string> left = {directory};
  while (!left.empty()) {
    const std::string next = std::move(left.back());
    left.pop_back();
    if (!add(next)) continue;
    for (std::string& below : directories_in(next)) left.push_back(std::move(below));
  }
}

bool TreeWatch::take_events() {
  const std::unique_ptr<char[]> buffer(new char[kEventBytes]);
  bool changed = false;
  for (;;) {
    const ssize_t bytes = ::read(inotify_.get(), buffer.get(), kEventBytes);
    if (bytes <= 0) return changed;
    for (size_t at = 0; at + sizeof(inotify_event) <= static_cast<size_t>(bytes);) {
      // Events are not aligned in our buffer.
      inotify_event event;
      std::memcpy(&event, buffer.get() + at, sizeof(event));
      const std::string_view name =
          event.len == 0 ? std::string_view() : buffer.get() + at + sizeof(event);
      at += sizeof(event) + event.len;
      if ((event.mask & IN_IGNORED) != 0) {
        paths_.erase(event.wd);
        continue;
      }
      if (is_ours(name)) continue;
      changed = true;
      const bool appeared = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
      const auto parent = paths_.find(event.wd);
      if ((event.mask & IN_ISDIR) != 0 && appeared && parent != paths_.end()) {
        add_below(parent->second + "/" + std::string(name));
      }
    }
  }
}

bool TreeWatch::wait(std::chrono::milliseconds most) {
  pollfd ready = {inotify_.get(), POLLIN, 0};
  if (::poll(&ready, 1, static_cast<int>(most.count())) <= 0) return false;
  return take_events();
}

}  // namespace vexfs::cli
