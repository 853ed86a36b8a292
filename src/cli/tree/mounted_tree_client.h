// MountedTreeClient: asks a mount, through its `.vexfs` files and its extended attributes.
#ifndef VEXFS_CLI_TREE_MOUNTED_TREE_CLIENT_H_
#define VEXFS_CLI_TREE_MOUNTED_TREE_CLIENT_H_

#include "base/fd.h"
#include "base/proc_path.h"
#include "cli/tree/tree_client.h"

namespace vexfs::cli {

class MountedTreeClient final : public TreeClient {
 public:
  // Whether the directory lies in a VexFS mount.
  static bool answers(const Fd& directory);
  // `directory` is open for reading and lies in a mount.
  explicit MountedTreeClient(Fd directory) : directory_(std::move(directory)) {}

  Result<std::string> query(std::string_view request) override;
  Result<std::string> control(std::string_view request) override;
  Result<std::string> status() override;
  bool mounted() const override { return true; }
  Status set_vectors(const std::string& path, const std::string& space,
                     std::span<const float> vectors) override;
  Result<std::vector<float>> get_vectors(const std::string& path,
                                         const std::string& space) override;
  Status remove_vectors(const std::string& path, const std::string& space) override;

 private:
  // An O_PATH descriptor, and its path in /proc for the calls on extended attributes, which do not
  // take such a descriptor.
  struct Target {
    Fd file;
    ProcPath way;
  };
  Result<Target> target(const std::string& path) const;
  Result<std::string> exchange(Fd& file, const char* name, std::string_view request);

  Fd directory_;
  Fd query_;
  Fd control_;
  std::vector<float> value_;  // A buffer for the largest value of an attribute.
};

}  // namespace vexfs::cli

#endif  // VEXFS_CLI_TREE_MOUNTED_TREE_CLIENT_H_
