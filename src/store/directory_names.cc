// The names in a directory, through a descriptor of its own: readdir(3) moves the offset of the
// description that it reads, which descriptors from dup(2) share.
#include "store/directory_names.h"

#include <dirent.h>
#include <fcntl.h>

#include <cerrno>
#include <memory>
#include <string_view>

namespace vexfs::store {

Result<std::vector<std::string>> directory_names(const Fd& directory) {
  Fd copy(::openat(directory.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!copy.valid()) return errno_status("open directory to list it");
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy.get()), ::closedir);
  if (stream == nullptr) return errno_status("list directory");
  (void)copy.release();  // It belongs to the stream now.
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return errno_status("list directory");
  return names;
}

}  // namespace vexfs::store
