// Walks depth first with getdents64(2), a block at a time. A level remembers the offset at which it
// stopped in its directory; it keeps no descriptor.
#include "tree/tree_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/limits.h"
#include "tree/directory_record.h"
#include "tree/open_beneath.h"

namespace vexfs::tree {
namespace {

struct Level {
  size_t path_bytes;    // The directory's path is this many bytes of the walk's path.
  off_t offset = 0;     // Of the block to read next.
  bool at_end = false;  // There is no further block.
  // Those of the last block that are not visited yet.
  std::vector<std::string> subdirectories = {};
};

class Walk {
 public:
  Walk(int source, FunctionRef<bool(const WalkedName&)> visit)
      : source_(source), visit_(visit), block_(limits::kDirectoryBufferBytes) {}

  Result<bool> run() {
    levels_.push_back({.path_bytes = 0});
    while (!levels_.empty() && !ended_) {
      Level& level = levels_.back();
      path_.resize(level.path_bytes);
      if (!level.subdirectories.empty()) {
        enter();
      } else if (level.at_end) {
        levels_.pop_back();
      } else {
        VEXFS_CHECK_OK(read_block(level));
      }
    }
    return complete_ || ended_;
  }

 private:
  void enter() {
    Level& level = levels_.back();
    if (!path_.empty()) path_ += '/';
    path_ += level.subdirectories.back();
    level.subdirectories.pop_back();
    if (levels_.size() >= limits::kTreeDepthMax) {
      complete_ = false;
      return;
    }
    levels_.push_back({.path_bytes = path_.size()});
  }

  Status read_block(Level& level) {
    const auto directory =
        open_beneath(source_, path_, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
    if (!directory.ok()) {
      level.at_end = true;
      switch (directory.error()) {
        case EXDEV:  // Something is mounted there.
          return {};
        case EMFILE:
        case ENFILE:
        case ENOMEM:
          return directory.status();
        default:  // It was removed or moved, or may not be read.
          complete_ = false;
          return {};
      }
    }
    const int fd = directory.value().get();
    if (level.offset != 0 && ::lseek(fd, level.offset, SEEK_SET) < 0) return errno_status("lseek");
    const long bytes = read_records(fd, block_);
    if (bytes < 0) complete_ = false;
    if (bytes <= 0) {
      level.at_end = true;
      return {};
    }
    take(level, fd, static_cast<size_t>(bytes));
    return {};
  }

  void take(Level& level, int directory, size_t bytes) {
    for (size_t at = 0; at < bytes && !ended_;) {
      const DirectoryRecord& record = record_at(block_, at);
      at += record.record_bytes;
      level.offset = record.next_offset;
      const std::string_view name = record.name;
      if (name == "." || name == ".." || (path_.empty() && name == ".vexfs")) continue;
      const bool directory_itself = is_directory(directory, record);
      bool enter = directory_itself;
      ended_ = !visit_({directory, path_, record.name, record.inode, directory_itself, enter});
      if (directory_itself && enter) level.subdirectories.emplace_back(name);
    }
  }

  static bool is_directory(int directory, const DirectoryRecord& record) {
    if (record.type != DT_UNKNOWN) return record.type == DT_DIR;
    struct stat stat;
    return ::fstatat(directory, record.name, &stat, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0 &&
           S_ISDIR(stat.st_mode);
  }

  const int source_;
  const FunctionRef<bool(const WalkedName&)> visit_;
  std::vector<char> block_;
  std::vector<Level> levels_;
  std::string path_;
  bool complete_ = true;
  bool ended_ = false;
};

}  // namespace

Result<bool> walk_tree(int source, FunctionRef<bool(const WalkedName&)> visit) {
  return Walk(source, visit).run();
}

}  // namespace vexfs::tree
