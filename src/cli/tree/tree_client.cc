// From a path to the tree that it lies in: its mount, the mount of its source, or the store itself.
#include "cli/tree/tree_client.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cstring>
#include <memory>
#include <optional>

#include "base/fd.h"
#include "cli/tree/mounted_tree_client.h"
#include "cli/tree/paths.h"
#include "cli/tree/source_of.h"
#include "cli/tree/source_tree_client.h"

namespace vexfs::cli {
namespace {

OpenedTree no_tree(std::string problem) { return {nullptr, std::move(problem)}; }

OpenedTree no_tree(const std::string& path, int error) {
  return no_tree(path + ": " + std::strerror(error));
}

Fd open_directory(const std::string& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

OpenedTree open_mounted(Fd directory) {
  return {std::make_unique<MountedTreeClient>(std::move(directory)), {}};
}

// The directory above `path` in which the mount answers that `directory` lies in, although it does
// not answer there.
std::optional<std::string> mount_around(const std::string& path, const Fd& directory) {
  struct stat here;
  struct stat above;
  const std::string parent = parent_of(path);
  const Fd fd = open_directory(parent);
  const bool is_one = ::fstat(directory.get(), &here) == 0 && ::fstat(fd.get(), &above) == 0 &&
                      here.st_dev == above.st_dev;
  if (!is_one || !MountedTreeClient::answers(fd)) return std::nullopt;
  return parent;
}

}  // namespace

OpenedTree open_tree(const std::string& path, NewStore new_store) {
  Fd directory = open_directory(path);
  if (!directory.valid()) return no_tree(path, errno);
  if (MountedTreeClient::answers(directory)) return open_mounted(std::move(directory));

  const std::string real = real_path(path);
  if (real.empty()) return no_tree(path, errno);
  if (const auto mounted = mount_around(real, directory); mounted.has_value()) {
    return no_tree(path + " has a store of its own, in the place of the mount's .vexfs: ask " +
                   *mounted + ", or remove " + real + "/.vexfs");
  }
  std::optional<std::string> source = source_above(real);
  if (!source.has_value() && new_store == NewStore::kNo) {
    OpenedTree none =
        no_tree(path + ": neither in a VexFS mount nor below a directory that has vectors");
    none.never_had_store = true;
    return none;
  }
  if (!source.has_value()) source = real;
  // A mounted source is asked through its mount, whose daemon has the store.
  if (const auto mountpoint = mountpoint_of(*source); mountpoint.has_value()) {
    Fd mounted = open_directory(*mountpoint + "/" + path_below(*source, real));
    if (mounted.valid() && MountedTreeClient::answers(mounted))
      return open_mounted(std::move(mounted));
  }
  Fd source_directory = open_directory(*source);
  if (!source_directory.valid()) return no_tree(*source, errno);
  auto client = SourceTreeClient::open(std::move(source_directory), std::move(directory), *source);
  if (!client.ok()) {
    return no_tree(*source + ": " + client.status().what() + ": " + std::strerror(client.error()));
  }
  return {std::move(client).value(), {}};
}

bool lies_in_tree(const std::string& directory) {
  const Fd fd = open_directory(directory);
  if (!fd.valid()) return false;
  const std::string real = real_path(directory);
  return MountedTreeClient::answers(fd) || (!real.empty() && source_above(real).has_value());
}

OpenedFile open_tree_of_file(const std::string& file) {
  const std::string real = real_path(file);
  if (real.empty()) return {no_tree(file, errno), {}};
  const size_t slash = real.rfind('/');
  return {open_tree(parent_of(real)), real.substr(slash + 1)};
}

}  // namespace vexfs::cli
