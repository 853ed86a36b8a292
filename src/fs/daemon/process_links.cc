// Reading links, and the folder of a process's descriptors.
#include "fs/daemon/process_links.h"

#include <dirent.h>
#include <unistd.h>

#include <cstddef>
#include <memory>

#include "base/limits.h"

namespace vexfs::fs {

std::string target_of_link(const std::string& link) {
  std::string target(limits::kSymlinkBytesMax, '\0');
  const ssize_t bytes = ::readlink(link.c_str(), target.data(), target.size());
  target.resize(bytes > 0 ? static_cast<size_t>(bytes) : 0);
  return target;
}

std::string find_open_file(const std::string& process, WantedLink wanted) {
  const std::string descriptors = process + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(descriptors.c_str()), ::closedir);
  if (directory == nullptr) return {};
  while (const dirent* entry = ::readdir(directory.get())) {
    std::string link = descriptors + "/" + entry->d_name;
    const std::string target = target_of_link(link);
    if (!target.empty() && wanted(link, target)) return link;
  }
  return {};
}

}  // namespace vexfs::fs
