// The kernel's list of mounts, and the links in /proc/PID.
#include "fs/daemon/source_users.h"

#include <dirent.h>
#include <unistd.h>

#include <climits>
#include <memory>
#include <string_view>

#include "base/limits.h"
#include "base/parse.h"
#include "fs/backing/mountinfo.h"

namespace vexfs::fs {
namespace {

constexpr size_t kNamedMax = 3;

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

bool lies_in(std::string_view path, const std::string& source) {
  if (source == "/") return path.starts_with('/');
  return path.starts_with(source) && (path.size() == source.size() || path[source.size()] == '/');
}

bool leads_into(const std::string& link, const std::string& source) {
  std::string target(limits::kSymlinkBytesMax, '\0');
  const ssize_t bytes = ::readlink(link.c_str(), target.data(), target.size());
  if (bytes > 0) target.resize(static_cast<size_t>(bytes));
  return bytes > 0 && lies_in(target, source);
}

bool has_open_file_in(const std::string& descriptors, const std::string& source) {
  const Directory directory(::opendir(descriptors.c_str()), ::closedir);
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (leads_into(descriptors + "/" + entry->d_name, source)) return true;
  }
  return false;
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
  const Directory processes(::opendir("/proc"), ::closedir);
  if (processes == nullptr) return found;
  while (const dirent* entry = ::readdir(processes.get())) {
    const auto pid = parse_u64(entry->d_name, 1, INT_MAX);
    if (!pid.ok() || static_cast<pid_t>(pid.value()) == ::getpid()) continue;
    const std::string process = std::string("/proc/") + entry->d_name;
    if (leads_into(process + "/cwd", source) ||
        (source != "/" && leads_into(process + "/root", source)) ||
        has_open_file_in(process + "/fd", source)) {
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
