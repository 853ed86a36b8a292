// Paths as text. real_path() and directory_of() look at the files, the others do not.
#include "cli/tree/paths.h"

#include <sys/stat.h>

#include <cstdlib>
#include <memory>

namespace vexfs::cli {

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path.c_str(), nullptr), ::free);
  return real == nullptr ? std::string() : std::string(real.get());
}

std::string directory_of(const std::string& path) {
  struct stat attributes;
  if (::stat(path.c_str(), &attributes) != 0 || S_ISDIR(attributes.st_mode)) return path;
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string parent_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string path_below(const std::string& directory, const std::string& path) {
  const std::string prefix = directory == "/" ? directory : directory + "/";
  return path.starts_with(prefix) ? path.substr(prefix.size()) : std::string();
}

}  // namespace vexfs::cli
