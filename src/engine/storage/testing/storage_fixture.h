// StorageFixture: for tests, a store over a temporary tree, whose files change as under a mount.
#ifndef VEXFS_ENGINE_STORAGE_TESTING_STORAGE_FIXTURE_H_
#define VEXFS_ENGINE_STORAGE_TESTING_STORAGE_FIXTURE_H_

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "engine/storage/vector_storage_manager.h"
#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {

using Vector = std::vector<float>;

// Unlike any other of another seed.
inline Vector random_vector(uint32_t dim, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Vector vector(dim);
  for (float& value : vector) value = normal(random);
  return vector;
}

inline std::vector<std::byte> bytes_of(const std::vector<Vector>& vectors) {
  std::vector<std::byte> bytes;
  for (const Vector& vector : vectors) {
    const auto* const from = reinterpret_cast<const std::byte*>(vector.data());
    bytes.insert(bytes.end(), from, from + vector.size() * sizeof(float));
  }
  return bytes;
}

class StorageFixture : public testing::Test {
 protected:
  static constexpr uint32_t kDim = 8;

  // How long a test runs, where a longer run wants another number than the suite.
  static uint32_t environment(const char* name, uint32_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : static_cast<uint32_t>(std::atoi(value));
  }

  void SetUp() override {
    auto tree = tree::SourceTree::create(files_.open_root());
    ASSERT_TRUE(tree.ok());
    tree_ = std::move(tree.value());
    open();
    ASSERT_TRUE(storage_->create_space("clip", {.dim = kDim, .metric = Metric::kL2}).ok());
  }

  void open(const EngineOptions& options = {}) {
    storage_.reset();
    auto opened = VectorStorageManager::open(*io_, *tree_, options, true);
    ASSERT_TRUE(opened.ok()) << opened.status().what();
    storage_ = std::move(opened.value());
  }

  // --- Files, as the filesystem changes them.
  ObjectKey key_of(const std::string& path) {
    return tree_->key_of(files_.open_path(path).get()).value();
  }
  ObjectKey make(const std::string& path) {
    (void)files_.make_file(path);
    return key_of(path);
  }
  static std::string parent_of(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? "." : path.substr(0, slash);
  }
  static std::string name_in(const std::string& path) {
    const size_t slash = path.rfind('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
  }
  void rename(const std::string& from, const std::string& to, bool exchange = false) {
    ASSERT_EQ(::syscall(SYS_renameat2, files_.fd(), from.c_str(), files_.fd(), to.c_str(),
                        exchange ? 2 : 0),
              0);
    storage_->renamed(key_of(parent_of(from)), name_in(from), key_of(parent_of(to)), name_in(to),
                      exchange);
  }
  void unlink(const std::string& path) {
    ASSERT_EQ(::unlinkat(files_.fd(), path.c_str(), 0), 0);
    storage_->unlinked(key_of(parent_of(path)), name_in(path));
  }
  void link(const std::string& from, const std::string& to) {
    ASSERT_EQ(::linkat(files_.fd(), from.c_str(), files_.fd(), to.c_str(), 0), 0);
    storage_->linked(key_of(parent_of(to)), name_in(to), key_of(to));
  }

  // --- Vectors
  Status set(const ObjectKey& key, const std::vector<Vector>& vectors,
             SetMode mode = SetMode::kAny) {
    return storage_->set_vectors(key, "clip", bytes_of(vectors), mode);
  }
  Status set(const ObjectKey& key, uint32_t seed) { return set(key, {random_vector(kDim, seed)}); }
  std::vector<Vector> get(const ObjectKey& key) {
    const auto bytes = storage_->get_vectors(key, "clip", {});
    if (!bytes.ok()) return {};
    std::vector<float> all(bytes.value() / sizeof(float));
    const auto got = storage_->get_vectors(key, "clip", std::as_writable_bytes(std::span(all)));
    EXPECT_TRUE(got.ok());
    std::vector<Vector> vectors;
    for (size_t at = 0; at < all.size(); at += kDim) {
      vectors.emplace_back(all.begin() + static_cast<ptrdiff_t>(at),
                           all.begin() + static_cast<ptrdiff_t>(at + kDim));
    }
    return vectors;
  }
  bool has(const ObjectKey& key, uint32_t seed) {
    return get(key) == std::vector<Vector>{random_vector(kDim, seed)};
  }

  // Paths of the files whose vectors a search finds, all of them.
  std::multiset<std::string> found(bool exact) {
    std::multiset<std::string> paths;
    auto space = storage_->open_space("clip");
    EXPECT_TRUE(space.ok()) << space.status().what();
    const SearchEpochs::Entered held = space.value().knn->hold();
    std::vector<index::Neighbor> out(1000);
    const Vector query = random_vector(kDim, 1);
    const auto hits = space.value().knn->search(query.data(), {.k = 1000}, exact, out);
    EXPECT_TRUE(hits.ok());
    for (uint32_t i = 0; i < hits.value().count; ++i) {
      const auto passage = storage_->passage_at(space.value(), out[i].slot);
      EXPECT_TRUE(passage.ok()) << "a slot that is found has an owner";
      if (!passage.ok()) continue;
      storage_->read([&](const Snapshot& now) {
        std::string path;
        const Status status = now.path_below(passage.value().object, kRootDirectory, path);
        paths.insert(status.ok() ? path : "nameless");
      });
    }
    return paths;
  }
  // The same by walk and by scan.
  std::multiset<std::string> found() {
    std::multiset<std::string> scanned = found(true);
    EXPECT_EQ(scanned, found(false));
    return scanned;
  }
  KnnSearchEngine::Statistics settled() {
    auto space = storage_->open_space("clip");
    EXPECT_TRUE(space.value().knn->settle(60'000));
    return space.value().knn->statistics();
  }
  store::Space row() { return storage_->spaces().front(); }

  tree::TemporaryTree files_;
  FileIo* io_ = &system_io();
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<VectorStorageManager> storage_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_TESTING_STORAGE_FIXTURE_H_
