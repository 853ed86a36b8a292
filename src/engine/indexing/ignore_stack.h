// IgnoreStack: whether .gitignore and .vexfsignore files on the way to a path leave it out.
#ifndef VEXFS_ENGINE_INDEXING_IGNORE_STACK_H_
#define VEXFS_ENGINE_INDEXING_IGNORE_STACK_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/ignore_rules.h"

namespace vexfs::engine {

// The rules of a directory and of all above it. A deeper file decides before one above, and
// .vexfsignore before the .gitignore beside it. `.git` and `.vexfs` are always left out.
//
// Paths are relative to the source, "" is the source itself. Threads: one.
class IgnoreStack {
 public:
  // Goes to a directory, whose descriptor this is; its parent was gone to before it, and only what
  // both paths share is kept. Rules that cannot be read are none.
  void go_to(const std::string& path, int directory);
  // Goes down to a directory from the source, opening each on the way. ENOENT, ENOTDIR, EACCES as
  // opening has them; EPERM: one of them is left out itself.
  Status descend(int source, std::string_view path);
  // Whether a name in the directory is left out.
  bool ignores(std::string_view name, bool is_directory) const;

 private:
  struct Level {
    std::string path;
    text::IgnoreRules git;
    text::IgnoreRules vexfs;
  };
  std::vector<Level> levels_;  // From the source on.
  mutable std::string buffer_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_INDEXING_IGNORE_STACK_H_
