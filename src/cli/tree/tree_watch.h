// TreeWatch: tells when something below a directory changed, by whatever program.
#ifndef VEXFS_CLI_TREE_TREE_WATCH_H_
#define VEXFS_CLI_TREE_TREE_WATCH_H_

#include <chrono>
#include <string>
#include <unordered_map>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::cli {

// By inotify, a watch for each directory. What is called `.vexfs` is left out. Not thread-safe.
class TreeWatch {
 public:
  // EMFILE, ENOMEM: no inotify at all.
  static Result<TreeWatch> create(const std::string& root);

  // Whether something changed since the last call; waits at most so long for it, and not once a
  // signal came. What happened while directories were added counts as a change.
  bool wait(std::chrono::milliseconds most);

  // False: the kernel, or limits::kWatchedDirectoriesMax, allows no watch for some directory;
  // changes there are not told.
  bool whole() const { return whole_; }
  size_t directories() const { return paths_.size(); }

 private:
  explicit TreeWatch(Fd inotify) : inotify_(std::move(inotify)) {}
  void add_below(const std::string& directory);
  bool add(const std::string& directory);
  // Whether it is a change of the tree.
  bool take_events();

  Fd inotify_;
  std::unordered_map<int, std::string> paths_;  // By watch.
  bool whole_ = true;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_TREE_WATCH_H_
