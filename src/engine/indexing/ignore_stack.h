// IgnoreStack: decides whether .gitignore and .vexfsignore files leave a path out of the index.
#ifndef VEXFS_ENGINE_INDEXING_IGNORE_STACK_H_
#define VEXFS_ENGINE_INDEXING_IGNORE_STACK_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/ignore_rules.h"

namespace vexfs::engine {

// It holds the rules of one directory and of all directories above it. A file in a deeper directory
// decides before one above, and .vexfsignore before the .gitignore beside it, as gitignore(5) says
// of its levels. `.git` and `.vexfs` are always left out.
//
// Paths are relative to the source; "" is the source itself. Threads: one.
class IgnoreStack {
 public:
  // Moves to a directory, given by its path and descriptor. The move before must have been to its
  // parent or below; rules of directories that are not above the new one are dropped. A file of
  // rules that cannot be read counts as empty.
  void go_to(const std::string& path, int directory);
  // Moves to a directory from the source, opening each directory on the way. Fails as openat(2)
  // does; EPERM: one of the directories is left out itself.
  Status descend(int source, std::string_view path);
  // Whether a name in the current directory is left out.
  bool ignores(std::string_view name, bool is_directory) const;

 private:
  struct Level {
    std::string path;
    text::IgnoreRules git;
    text::IgnoreRules vexfs;
  };
  std::vector<Level> levels_;   // The source comes first.
  mutable std::string buffer_;  // Reused by ignores().
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_IGNORE_STACK_H_
