// A walk that keeps the directories still to be read in a list of its own, instead of recursion.
#include "cli/tree/files_below.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "fs/surface/surface.h"
#include "tree/open_beneath.h"

namespace vexfs::cli {
namespace {

// Adds the entries of one directory; `prefix` is its path with a slash, or empty.
Status read_directory(const Fd& root, const std::string& prefix, std::vector<std::string>& files,
                      std::vector<std::string>& directories) {
  const std::string path = prefix.empty() ? prefix : prefix.substr(0, prefix.size() - 1);
  VEXFS_TRY(fd, tree::open_beneath(root.get(), path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), ::closedir);
  if (stream == nullptr) return errno_status("reading a directory");
  (void)fd.release();  // It belongs to the stream now.
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) return errno == 0 ? Status() : errno_status("reading a directory");
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || name == fs::kSurfaceName) continue;
    unsigned char type = entry->d_type;
    if (type == DT_UNKNOWN) {
      struct stat attributes;
      if (::fstatat(::dirfd(stream.get()), entry->d_name, &attributes, AT_SYMLINK_NOFOLLOW) != 0) {
        continue;  // It was removed meanwhile.
      }
      type = S_ISDIR(attributes.st_mode) ? DT_DIR : S_ISREG(attributes.st_mode) ? DT_REG : DT_LNK;
    }
    if (type == DT_REG) files.push_back(prefix + entry->d_name);
    if (type == DT_DIR) directories.push_back(prefix + entry->d_name + "/");
  }
}

}  // namespace

Result<std::vector<std::string>> files_below(const Fd& directory, size_t files_max) {
  std::vector<std::string> files;
  std::vector<std::string> waiting{std::string()};
  while (!waiting.empty()) {
    const std::string prefix = std::move(waiting.back());
    waiting.pop_back();
    const Status status = read_directory(directory, prefix, files, waiting);
    // Filesystems mounted below are not part of the tree (EXDEV), and a directory may be removed
    // meanwhile (ENOENT). Anything else would leave files out silently.
    const bool skipped = status.error() == EXDEV || status.error() == ENOENT;
    if (!status.ok() && (prefix.empty() || !skipped)) return status;
    if (files.size() > files_max) return Status(EFBIG, "too many files");
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace vexfs::cli
