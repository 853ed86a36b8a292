// TreeClient: the vectors of a tree of files, behind a mount or not. Commands do not know which.
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

  // A request and its reply, both JSON; see Engine::answer_json and control_json. A Status only
  // when there was no reply.
  virtual Result<std::string> query(std::string_view request) = 0;
  virtual Result<std::string> control(std::string_view request) = 0;
  // What the mount reports, or as much of that as there is without one. JSON.
  virtual Result<std::string> status() = 0;
  // Behind a mount, whose daemon goes on when this process ends.
  virtual bool mounted() const = 0;

  // All vectors of a file in a space, one after another; see Engine. Paths that lead out of the
  // directory, or over a symlink, are refused.
  virtual Status set_vectors(const std::string& path, const std::string& space,
                             std::span<const float> vectors) = 0;
  virtual Result<std::vector<float>> get_vectors(const std::string& path,
                                                 const std::string& space) = 0;
  virtual Status remove_vectors(const std::string& path, const std::string& space) = 0;
};

// A tree, or a sentence that says why there is none.
struct OpenedTree {
  std::unique_ptr<TreeClient> client;
  std::string problem;
  bool never_had_store = false;  // Which is why there is none.
};

enum class NewStore {
  kNo,   // The path must lie in a mount, or below a directory that has a store.
  kYes,  // Where neither is so, `path` itself may get a store.
};

// Through the mount that `path` (a directory) lies in, else through the mount of its source, else
// by opening the store of the nearest directory above that has one.
OpenedTree open_tree(const std::string& path, NewStore new_store = NewStore::kNo);

// Whether open_tree would find one.
bool lies_in_tree(const std::string& directory);

// The tree of a file and the file's path in it.
struct OpenedFile {
  OpenedTree tree;
  std::string name;
};
OpenedFile open_tree_of_file(const std::string& file);

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_TREE_CLIENT_H_
