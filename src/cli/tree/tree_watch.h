// TreeWatch: notices when any program changes something below a directory.
#ifndef VEXFS_CLI_TREE_TREE_WATCH_H_
#define VEXFS_CLI_TREE_TREE_WATCH_H_

#include <chrono>
#include <string>
#include <unordered_map>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::cli {

// Uses inotify(7) with one watch for each directory. Everything named `.vexfs` is ignored. Not
// thread-safe.
class TreeWatch {
 public:
  // Watches `root` and all directories below it. Fails with EMFILE or ENOMEM where inotify cannot
  // be used at all.
  static Result<TreeWatch> create(const std::string& root);

  // Whether something has changed since the last call. Waits for a change until `most` has passed
  // or a signal arrives. Whatever happened while watches were being added counts as a change.
  bool wait(std::chrono::milliseconds most);

  // False where the kernel, or limits::kWatchedDirectoriesMax, allowed no watch for some directory:
  // changes in it go unnoticed.
  bool whole() const { return whole_; }
  size_t directories() const { return paths_.size(); }

 private:
  explicit TreeWatch(Fd inotify) : inotify_(std::move(inotify)) {}
  void add_below(const std::string& directory);
  bool add(const std::string& directory);
  // Reads all events that are queued. Whether any of them is a change of the tree.
  bool take_events();

  Fd inotify_;
  std::unordered_map<int, std::string> paths_;  // Keyed by watch descriptor.
  bool whole_ = true;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_TREE_WATCH_H_
