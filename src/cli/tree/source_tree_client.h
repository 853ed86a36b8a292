// SourceTreeClient: opens the store of a tree that is not mounted, in this process.
#ifndef VEXFS_CLI_TREE_SOURCE_TREE_CLIENT_H_
#define VEXFS_CLI_TREE_SOURCE_TREE_CLIENT_H_

#include <memory>

#include "base/fd.h"
#include "cli/tree/tree_client.h"
#include "engine/engine.h"
#include "tree/source_tree.h"

namespace vexfs::cli {

class SourceTreeClient final : public TreeClient {
 public:
  // Both are open for reading; `directory` is `source` or lies below it.
  static Result<std::unique_ptr<TreeClient>> open(Fd source, Fd directory, std::string source_path);

  Result<std::string> query(std::string_view request) override;
  Result<std::string> control(std::string_view request) override;
  Result<std::string> status() override;
  bool mounted() const override { return false; }
  Status set_vectors(const std::string& path, const std::string& space,
                     std::span<const float> vectors) override;
  Result<std::vector<float>> get_vectors(const std::string& path,
                                         const std::string& space) override;
  Status remove_vectors(const std::string& path, const std::string& space) override;

 private:
  SourceTreeClient() = default;
  Result<store::ObjectKey> key_of(const std::string& path);

  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<engine::Engine> engine_;  // Uses tree_, so it is destroyed first.
  Fd directory_;
  store::ObjectKey directory_key_;
  std::string source_path_;
  std::vector<gid_t> groups_;
  tree::Credentials caller_;
  bool privileged_ = false;
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_SOURCE_TREE_CLIENT_H_
