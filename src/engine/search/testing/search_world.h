// SearchWorld: a small tree with vectors and an engine that searches it, for tests.
#ifndef VEXFS_ENGINE_SEARCH_TESTING_SEARCH_WORLD_H_
#define VEXFS_ENGINE_SEARCH_TESTING_SEARCH_WORLD_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/file_io.h"
#include "engine/search/vector_search_engine.h"
#include "engine/storage/vector_storage_manager.h"
#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {

// Paths are relative to the source. Each change of a file is reported to the storage, as a mount
// does.
class SearchWorld {
 public:
  static constexpr uid_t kAlice = 50001;
  static constexpr uid_t kBob = 50002;

  explicit SearchWorld(const EngineOptions& options = {}) {
    EXPECT_EQ(::fchmodat(tree_.fd(), ".", 0755, 0), 0);
    source_ = tree::SourceTree::create(tree_.open_root()).value();
    storage_ = VectorStorageManager::open(system_io(), *source_, options, true).value();
    EXPECT_TRUE(options.read_only || storage_->reconcile().ok());
    engine_ = std::make_unique<VectorSearchEngine>(*source_, *storage_, options);
  }

  static tree::Credentials root() { return {0, 0, {}}; }
  static tree::Credentials alice() { return {kAlice, kAlice, {}}; }
  static tree::Credentials bob() { return {kBob, kBob, {}}; }

  tree::Tree& source() { return *source_; }
  VectorStorageManager& storage() { return *storage_; }
  VectorSearchEngine& engine() { return *engine_; }
  int fd() const { return tree_.fd(); }

  void space(const std::string& name, uint32_t dim, Metric metric = Metric::kL2) {
    SpaceParameters parameters;
    parameters.dim = dim;
    parameters.metric = metric;
    EXPECT_TRUE(storage_->create_space(name, parameters).ok());
  }
  void directory(const std::string& path, mode_t mode = 0755, uid_t owner = 0) {
    tree_.make_directory(path);
    EXPECT_EQ(::fchmodat(fd(), path.c_str(), mode, 0), 0);
    EXPECT_EQ(::fchownat(fd(), path.c_str(), owner, owner, 0), 0);
  }
  // Makes a file and sets its vectors in space "s", one after another. Without vectors it sets
  // none.
  void file(const std::string& path, const std::vector<float>& vectors, mode_t mode = 0644,
            uid_t owner = 0) {
    const Fd file = tree_.make_file(path);
    EXPECT_EQ(::fchmod(file.get(), mode), 0);
    EXPECT_EQ(::fchown(file.get(), owner, owner), 0);
    if (!vectors.empty()) set(path, vectors);
  }
  void set(const std::string& path, const std::vector<float>& vectors, const char* space = "s") {
    const Status status =
        storage_->set_vectors(key(path), space, std::as_bytes(std::span(vectors)), SetMode::kAny);
    EXPECT_TRUE(status.ok()) << path << ": " << status.what();
  }
  ObjectKey key(const std::string& path) {
    const Fd file = path.empty() ? tree_.open_path(".") : tree_.open_path(path);
    return source_->key_of(file.get()).value();
  }

  // The key of the parent and the name, split at the last slash.
  std::pair<ObjectKey, std::string> place(const std::string& path) {
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {key(""), path};
    return {key(path.substr(0, slash)), path.substr(slash + 1)};
  }
  void rename(const std::string& from, const std::string& to) {
    EXPECT_EQ(::renameat(fd(), from.c_str(), fd(), to.c_str()), 0);
    const auto [old_parent, old_name] = place(from);
    const auto [new_parent, new_name] = place(to);
    storage_->renamed(old_parent, old_name, new_parent, new_name, false);
  }
  void unlink(const std::string& path) {
    EXPECT_EQ(::unlinkat(fd(), path.c_str(), 0), 0);
    const auto [parent, name] = place(path);
    storage_->unlinked(parent, name);
  }
  void link(const std::string& from, const std::string& to) {
    EXPECT_EQ(::linkat(fd(), from.c_str(), fd(), to.c_str(), 0), 0);
    const auto [parent, name] = place(to);
    storage_->linked(parent, name, key(to));
  }
  void chmod(const std::string& path, mode_t mode) {
    EXPECT_EQ(::fchmodat(fd(), path.c_str(), mode, 0), 0);
    struct stat stat = {};
    EXPECT_EQ(::fstatat(fd(), path.c_str(), &stat, 0), 0);
    engine_->permissions_changed(S_ISDIR(stat.st_mode) ? store::ObjectKind::kDirectory
                                                       : store::ObjectKind::kFile);
  }

  // The result of a query that must succeed.
  QueryResult search(const tree::Credentials& caller, const Query& query,
                     const std::string& directory = "") {
    auto result = engine_->search(caller, key(directory), query);
    if (result.ok()) return std::move(result).value();
    ADD_FAILURE() << result.failure().message;
    return {};
  }
  // The refusal of a query that must fail.
  Refusal refused(const tree::Credentials& caller, const Query& query,
                  const std::string& directory = "") {
    auto result = engine_->search(caller, key(directory), query);
    EXPECT_FALSE(result.ok());
    return result.ok() ? Refusal(0, "") : std::move(result).failure();
  }

 private:
  tree::TemporaryTree tree_;
  std::unique_ptr<tree::SourceTree> source_;
  std::unique_ptr<VectorStorageManager> storage_;
  std::unique_ptr<VectorSearchEngine> engine_;
};

// The paths of the hits in their order, as "a b c".
inline std::string paths_of(const QueryResult& result) {
  std::string paths;
  for (const Hit& hit : result.hits) paths += (paths.empty() ? "" : " ") + hit.path;
  return paths;
}

inline Query nearest_to(std::span<const float> vector, uint32_t k = 10) {
  Query query;
  query.vector.assign(vector.begin(), vector.end());
  query.k = k;
  return query;
}

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SEARCH_TESTING_SEARCH_WORLD_H_
