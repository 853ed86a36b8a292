// Reading a tree with std::filesystem.
#include "tests/e2e/race/tree.h"

#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <sstream>
#include <system_error>

#include "tests/e2e/support/posix_test.h"

namespace vexfs::e2e {
namespace {

namespace fs = std::filesystem;

TreeNode read_node(const fs::path& path) {
  struct stat info {};
  EXPECT_OK(::lstat(path.c_str(), &info)) << path;
  TreeNode node{.mode = info.st_mode, .links = info.st_nlink, .size = 0, .content = {}};
  if (S_ISREG(info.st_mode)) {
    node.size = info.st_size;
    node.content = read_path(path.string());
  } else if (S_ISLNK(info.st_mode)) {
    node.content = fs::read_symlink(path).string();
  }
  return node;
}

}  // namespace

Tree read_tree(const std::string& directory) {
  Tree tree;
  std::error_code error;
  fs::recursive_directory_iterator walk(directory, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    tree.emplace(walk->path().lexically_relative(directory).string(), read_node(walk->path()));
  }
  EXPECT_FALSE(error) << directory << ": " << error.message();
  return tree;
}

std::string describe(const TreeNode& node) {
  std::ostringstream text;
  text << "mode " << std::oct << node.mode << std::dec << ", " << node.links << " links, "
       << node.size << " bytes, content " << std::hash<std::string>()(node.content) << " of "
       << node.content.size();
  return text.str();
}

}  // namespace vexfs::e2e
