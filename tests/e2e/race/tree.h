// A directory tree in memory, to compare with another.
#ifndef VEXFS_TESTS_E2E_RACE_TREE_H_
#define VEXFS_TESTS_E2E_RACE_TREE_H_

#include <sys/types.h>

#include <map>
#include <string>

namespace vexfs::e2e {

struct TreeNode {
  mode_t mode = 0;
  nlink_t links = 0;
  off_t size = 0;       // 0 for directories, whose size every filesystem defines for itself.
  std::string content;  // Of a regular file, or the target of a symlink.
};

// By path relative to the root, without "./".
using Tree = std::map<std::string, TreeNode>;

// Reads everything below `directory`; a failure fails the test.
Tree read_tree(const std::string& directory);
std::string describe(const TreeNode& node);

}  // namespace vexfs::e2e

#endif  // VEXFS_TESTS_E2E_RACE_TREE_H_
