// TreeClient: one tree of files with its vectors and texts, mounted or not; callers do not know
// which. Nothing in this folder prints, or knows an option of the command line.
#ifndef VEXFS_CLI_TREE_TREE_CLIENT_H_
#define VEXFS_CLI_TREE_TREE_CLIENT_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace vexfs::cli {

// Opened for one directory of the tree; paths are relative to it. Not thread-safe.
class TreeClient {
 public:
  virtual ~TreeClient() = default;

  // Send a request and return its reply, both in JSON (docs/query.md). They fail only where there
  // was no reply at all: a refusal by the engine is a reply.
  virtual Result<std::string> query(std::string_view request) = 0;
  virtual Result<std::string> control(std::string_view request) = 0;
  // The status report of the mount, in JSON. Without a mount it has the engine's part only.
  virtual Result<std::string> status() = 0;
  // Whether the tree is behind a mount, whose daemon goes on when this process ends.
  virtual bool mounted() const = 0;

  // Set, get or remove all vectors of a file in a space; several stand one after another. The
  // errors are those of Engine. Paths that lead out of the directory or through a symlink are
  // refused.
  virtual Status set_vectors(const std::string& path, const std::string& space,
                             std::span<const float> vectors) = 0;
  virtual Result<std::vector<float>> get_vectors(const std::string& path,
                                                 const std::string& space) = 0;
  virtual Status remove_vectors(const std::string& path, const std::string& space) = 0;
};

// An open tree, or a sentence that says why there is none.
struct OpenedTree {
  std::unique_ptr<TreeClient> client;
  std::string problem;
  bool never_had_store = false;  // The reason is that no store was ever made.
};

enum class NewStore {
  kNo,   // The path must lie in a mount or below a directory that has a store.
  kYes,  // Where it does not, a store may be made in `path` itself.
};

// Opens the tree of a directory: through the mount that contains `path`, else through the mount of
// its source, else by opening the store of the nearest directory above that has one.
OpenedTree open_tree(const std::string& path, NewStore new_store = NewStore::kNo);

// Whether open_tree() would find a tree.
bool lies_in_tree(const std::string& directory);

// The tree of a file, and the path of the file in it.
struct OpenedFile {
  OpenedTree tree;
  std::string name;
};
OpenedFile open_tree_of_file(const std::string& file);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_TREE_CLIENT_H_
