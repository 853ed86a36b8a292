// ScratchDirectory: a new directory that is removed with the whole tree in it.
#ifndef VEXFS_BASE_SCRATCH_DIRECTORY_H_
#define VEXFS_BASE_SCRATCH_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace vexfs {

// Not for request threads: std::filesystem takes 1.9 KiB of stack.
class ScratchDirectory {
 public:
  // The path is empty where no directory can be made; errno then says why.
  explicit ScratchDirectory(std::string_view parent = "/tmp") : path_(parent) {
    path_ += "/vexfs-" + std::string(6, 'X');  // As mkdtemp(3) wants it.
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { (void)remove(); }

  const std::string& path() const { return path_; }

  // Removes the tree before the destructor does, for callers who need the error.
  std::error_code remove() {
    std::error_code error;
    const std::string path = std::exchange(path_, {});
    if (!path.empty()) std::filesystem::remove_all(path, error);
    return error;
  }

 private:
  std::string path_;
};

}  // namespace vexfs

#endif  // VEXFS_BASE_SCRATCH_DIRECTORY_H_
