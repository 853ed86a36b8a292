// A model test of searches. After each random change of a tree, every caller must get in every
// scope what a walk of the tree as that caller finds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

constexpr int kSteps = 400;

class SearchModelTest : public testing::TestWithParam<unsigned> {
 protected:
  SearchModelTest() : random_(GetParam()) {
    world_.space("s", 2);
    add_directory();
  }

  size_t below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }
  bool one_in(size_t bound) { return below(bound) == 0; }
  std::string some_directory() { return one_in(4) ? "" : any_of(directories_); }
  std::string any_of(const std::vector<std::string>& paths) { return paths[below(paths.size())]; }
  static std::string join(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
  }
  std::string new_path() { return join(some_directory(), "n" + std::to_string(next_name_++)); }
  uid_t some_owner() {
    constexpr uid_t kOwners[] = {0, SearchWorld::kAlice, SearchWorld::kBob};
    return kOwners[below(3)];
  }
  mode_t directory_mode() {
    constexpr mode_t kModes[] = {0755, 0755, 0755, 0700, 0711, 0750};
    return kModes[below(6)];
  }
  mode_t file_mode() { return one_in(3) ? 0600 : 0644; }

  void add_directory() {
    const std::string path = directories_.empty() ? "d" : new_path();
    if (std::count(path.begin(), path.end(), '/') > 4) return;
    world_.directory(path, directory_mode(), some_owner());
    directories_.push_back(path);
  }
  void add_file() {
    const std::string path = new_path() + (one_in(2) ? ".md" : ".txt");
    const std::vector<float> vectors = some_vectors();
    world_.file(path, vectors, file_mode(), some_owner());
    vectors_[inode(path)] = vectors;
    files_.push_back(path);
  }
  std::vector<float> some_vectors() {
    std::vector<float> vectors(one_in(5) ? 6 : 2);
    for (float& number : vectors) number = std::uniform_real_distribution<float>(-1, 1)(random_);
    return vectors;
  }
  ino_t inode(const std::string& path) const {
    struct stat attributes = {};
    EXPECT_EQ(::fstatat(world_.fd(), path.c_str(), &attributes, AT_SYMLINK_NOFOLLOW), 0) << path;
    return attributes.st_ino;
  }

  // Takes one out of files_.
  std::string take_file() {
    const size_t i = below(files_.size());
    std::string path = files_[i];
    files_.erase(files_.begin() + static_cast<std::ptrdiff_t>(i));
    return path;
  }
  void rename_file() {
    const std::string from = take_file();
    const std::string to = new_path() + (one_in(2) ? ".md" : ".txt");
    world_.rename(from, to);
    files_.push_back(to);
  }
  void unlink_file() {
    const std::string path = take_file();
    struct stat attributes = {};
    ASSERT_EQ(::fstatat(world_.fd(), path.c_str(), &attributes, AT_SYMLINK_NOFOLLOW), 0);
    world_.unlink(path);
    if (attributes.st_nlink == 1) vectors_.erase(attributes.st_ino);
  }
  void link_file() {
    const std::string to = new_path() + ".md";
    world_.link(any_of(files_), to);
    files_.push_back(to);
  }
  void set_file() {
    const std::string path = any_of(files_);
    const std::vector<float> vectors = some_vectors();
    world_.set(path, vectors);
    vectors_[inode(path)] = vectors;
  }
  void rename_directory() {
    const std::string from = any_of(directories_);
    const std::string to = new_path();
    if (to.starts_with(from + "/") || std::count(to.begin(), to.end(), '/') > 3) return;
    world_.rename(from, to);
    for (std::vector<std::string>* paths : {&directories_, &files_}) {
      for (std::string& path : *paths) {
        if (path == from || path.starts_with(from + "/")) path = to + path.substr(from.size());
      }
    }
  }

  void change() {
    if (files_.size() < 30) return add_file();
    switch (below(9)) {
      case 0:
        return add_directory();
      case 1:
        return rename_file();
      case 2:
        return unlink_file();
      case 3:
        return link_file();
      case 4:
        return set_file();
      case 5:
        return rename_directory();
      case 6:
        return world_.chmod(any_of(directories_), directory_mode());
      case 7:
        return world_.chmod(any_of(files_), file_mode());
      default:
        return add_file();
    }
  }

  // The model knows mode bits only; the tree has no ACL.
  bool grants(const std::string& path, const tree::Credentials& caller, mode_t bits) const {
    struct stat attributes = {};
    EXPECT_EQ(::fstatat(world_.fd(), path.empty() ? "." : path.c_str(), &attributes, 0), 0) << path;
    if (caller.uid == 0) return true;
    const unsigned shift = caller.uid == attributes.st_uid   ? 6
                           : caller.gid == attributes.st_gid ? 3
                                                             : 0;
    return (attributes.st_mode >> shift & bits) == bits;
  }
  bool visible(const std::string& path, const std::string& scope,
               const tree::Credentials& caller) const {
    const std::string prefix = scope.empty() ? "" : scope + "/";
    if (!path.starts_with(prefix)) return false;
    if (!grants(scope, caller, 5)) return false;
    for (size_t slash = path.find('/', prefix.size()); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      if (!grants(path.substr(0, slash), caller, 5)) return false;
    }
    return grants(path, caller, 4);
  }

  std::string expected(const tree::Credentials& caller, const std::string& scope,
                       const Query& query) {
    std::map<ino_t, std::string> found;  // By inode, the first of the names.
    for (const std::string& path : files_) {
      if (!query.types.empty() && !path.ends_with(".md")) continue;
      if (!visible(path, scope, caller)) continue;
      const std::string relative = scope.empty() ? path : path.substr(scope.size() + 1);
      std::string& name = found[inode(path)];
      if (name.empty() || relative < name) name = relative;
    }
    std::vector<std::pair<float, std::string>> ranked;
    for (const auto& [number, path] : found) {
      float best = 1e30F;
      const std::vector<float>& vectors = vectors_.at(number);
      for (size_t i = 0; i < vectors.size(); i += 2) {
        const float x = vectors[i] - query.vector[0];
        const float y = vectors[i + 1] - query.vector[1];
        best = std::min(best, x * x + y * y);
      }
      ranked.emplace_back(best, path);
    }
    std::sort(ranked.begin(), ranked.end());
    std::string paths;
    for (size_t i = 0; i < std::min<size_t>(query.k, ranked.size()); ++i) {
      paths += (paths.empty() ? "" : " ") + ranked[i].second;
    }
    return paths;
  }

  SearchWorld world_;
  std::mt19937 random_;
  int next_name_ = 0;
  std::vector<std::string> directories_;  // And the source itself.
  std::vector<std::string> files_;
  std::map<ino_t, std::vector<float>> vectors_;
};

TEST_P(SearchModelTest, AnswersAreThoseOfAWalkOfTheTree) {
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    change();
    const std::vector<float> asked = some_vectors();
    Query query = nearest_to(std::span(asked).first(2), static_cast<uint32_t>(1 + below(40)));
    if (one_in(4)) query.types = {"md"};
    query.exact = one_in(2);
    const std::string scope = some_directory();
    for (const tree::Credentials& caller :
         {SearchWorld::root(), SearchWorld::alice(), SearchWorld::bob()}) {
      EXPECT_EQ(paths_of(world_.search(caller, query, scope)), expected(caller, scope, query))
          << "step " << step << ", caller " << caller.uid << ", scope " << scope;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SearchModelTest, testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace vexfs::engine
