// SourceTree: the Tree of a source that is not mounted, for the command line and for tests.
#ifndef VEXFS_TREE_SOURCE_TREE_H_
#define VEXFS_TREE_SOURCE_TREE_H_

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/mutex.h"
#include "tree/object_key.h"
#include "tree/tree.h"

namespace vexfs::tree {

// With CAP_DAC_READ_SEARCH inodes are opened by handle. Without it, or where the filesystem has no
// handles, they are opened by the path at which key_of() last met them, if it still leads there.
// limits::kRememberedPathsMax paths are remembered.
//
// Threads: all methods may run at once. mutex_ is a leaf and not held over a system call.
class SourceTree final : public Tree {
 public:
  // kByPath opens as if the process lacked the privilege.
  enum class Opening { kBest, kByPath };
  // `source` is a directory, open for reading.
  static Result<std::unique_ptr<SourceTree>> create(Fd source, Opening opening = Opening::kBest);

  const Fd& root() const override { return root_; }
  bool reaches_all() const override { return opens_by_key_; }
  Result<Fd> open(const ObjectKey& key, int flags) override;
  Result<ObjectKey> key_of(int fd) override;
  Result<std::string_view> path_of(const ObjectKey& key, std::span<char> buffer) override;

 private:
  struct Remembered {
    std::string key;
    std::string path;
  };

  SourceTree(Fd root, const ObjectKeys& keys, const ObjectKey& root_key, bool opens_by_key)
      : root_(std::move(root)), keys_(keys), root_key_(root_key), opens_by_key_(opens_by_key) {}

  Result<std::string> path_of_descriptor(int fd) const;
  void remember(const ObjectKey& key, std::string path);
  std::string remembered(const ObjectKey& key);
  Result<std::string> checked_path(const ObjectKey& key);

  const Fd root_;
  const ObjectKeys keys_;
  const ObjectKey root_key_;
  const bool opens_by_key_;

  Mutex mutex_;
  // The one that was used last stands first.
  std::list<Remembered> paths_ GUARDED_BY(mutex_);
  // The keys are views of those in paths_.
  std::unordered_map<std::string_view, std::list<Remembered>::iterator> by_key_ GUARDED_BY(mutex_);
};

}  // namespace vexfs::tree

#endif  // VEXFS_TREE_SOURCE_TREE_H_
