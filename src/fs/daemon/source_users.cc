// The kernel's list of mounts, and the links in /proc/PID.
#include "fs/daemon/source_users.h"

#include <dirent.h>
#include <unistd.h>

#include <climits>
#include <memory>
#include <string_view>

#include "base/parse.h"
#include "fs/backing/mountinfo.h"
#include "fs/daemon/process_links.h"

namespace vexfs::fs {
namespace {

constexpr size_t kNamedMax = 3;

bool lies_in(std::string_view path, const std::string& source) {
  if (source == "/") return path.starts_with('/');
  return path.starts_with(source) && (path.size() == source.size() || path[source.size()] == '/');
}

bool leads_into(const std::string& link, const std::string& source) {
  return lies_in(target_of_link(link), source);
}

bool has_open_file_in(const std::string& process, const std::string& source) {
  const auto is_in_source = [&](const std::string&, const std::string& target) {
    return lies_in(target, source);
  };
  return !find_open_file(process, is_in_source).empty();
}

}  // namespace

std::vector<std::string> filesystems_below(const std::string& source) {
  std::vector<std::string> found;
  for (const MountInfo& mount : read_mountinfo()) {
    const bool is_below = mount.mountpoint != source && lies_in(mount.mountpoint, source);
    if (is_below && (found.empty() || found.back() != mount.mountpoint)) {
      found.push_back(mount.mountpoint);
    }
  }
  return found;
}

std::vector<pid_t> processes_in(const std::string& source) {
  std::vector<pid_t> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), ::closedir);
  if (processes == nullptr) return found;
  while (const dirent* entry = ::readdir(processes.get())) {
    const auto pid = parse_u64(entry->d_name, 1, INT_MAX);
    if (!pid.ok() || static_cast<pid_t>(pid.value()) == ::getpid()) continue;
    const std::string process = std::string("/proc/") + entry->d_name;
    if (leads_into(process + "/cwd", source) ||
        (source != "/" && leads_into(process + "/root", source)) ||
        has_open_file_in(process, source)) {
      found.push_back(static_cast<pid_t>(pid.value()));
    }
  }
  return found;
}

std::string first_of(const std::vector<std::string>& words) {
  std::string text;
  for (size_t i = 0; i < words.size() && i < kNamedMax; ++i) {
    if (i > 0) text += i + 1 == words.size() ? " and " : ", ";
    text += words[i];
  }
  if (words.size() > kNamedMax)
    text += " and " + std::to_string(words.size() - kNamedMax) + " more";
  return text;
}

}  // namespace vexfs::fs
