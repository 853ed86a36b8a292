// PartsFixture: for tests, the parts of a store over a temporary tree, with the space "clip" in it.
#ifndef VEXFS_ENGINE_STORAGE_TESTING_PARTS_FIXTURE_H_
#define VEXFS_ENGINE_STORAGE_TESTING_PARTS_FIXTURE_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/storage/storage_parts.h"
#include "engine/storage/testing/storage_fixture.h"
#include "tree/source_tree.h"
#include "tree/testing/temporary_tree.h"

namespace vexfs::engine {

class PartsFixture : public testing::Test {
 protected:
  using Clock = std::chrono::steady_clock;
  static constexpr uint32_t kDim = 4;

  void SetUp() override {
    auto tree = tree::SourceTree::create(files_.open_root());
    ASSERT_TRUE(tree.ok());
    tree_ = std::move(tree.value());
    open();
    ASSERT_TRUE(parts_->spaces.create("clip", {.dim = kDim, .metric = Metric::kL2}, 0).ok());
  }

  // Closes the store and opens it again.
  void open(const EngineOptions& options = {}) {
    parts_.reset();
    auto opened = StorageParts::open(*io_, *tree_, options, true);
    ASSERT_TRUE(opened.ok()) << opened.status().what();
    parts_ = std::move(opened.value());
  }
  Mutex& mutex() RETURN_CAPABILITY(storage_mutex) { return parts_->store.mutex(); }

  // --- Files.
  ObjectKey key_of(const std::string& path) {
    return tree_->key_of(files_.open_path(path).get()).value();
  }
  // A new file with one vector.
  ObjectKey make(const std::string& path, uint32_t seed = 1) {
    (void)files_.make_file(path);
    const ObjectKey key = key_of(path);
    EXPECT_TRUE(set(key, seed).ok());
    return key;
  }
  // As under a mount: the storage hears of it.
  void unlink(const std::string& path) {
    ASSERT_EQ(::unlinkat(files_.fd(), path.c_str(), 0), 0);
    const ObjectKey directory = key_of(".");
    const MutexLock lock(mutex());
    parts_->names.settle(parts_->store.names->unlinked(directory, path));
  }

  // --- Vectors in the space "clip".
  Status set(const ObjectKey& key, uint32_t seed) {
    return parts_->vectors.set(key, "clip", bytes_of({random_vector(kDim, seed)}), SetMode::kAny);
  }
  bool has(const ObjectKey& key, uint32_t seed) {
    Vector vector(kDim);
    const auto got = parts_->vectors.get(key, "clip", std::as_writable_bytes(std::span(vector)));
    return got.ok() && vector == random_vector(kDim, seed);
  }
  // kNoObject: the catalog does not know the file.
  ObjectId object_of(const ObjectKey& key) {
    const MutexLock lock(mutex());
    const auto object = parts_->store.catalog->find_object(key).value();
    return object.has_value() ? object->id : kNoObject;
  }
  std::vector<Slot> slots_of(const ObjectKey& key, const char* space = "clip") {
    const ObjectId object = object_of(key);
    std::vector<Slot> slots;
    const MutexLock lock(mutex());
    const SpacePointer found = parts_->store.spaces.find(space);
    EXPECT_TRUE(parts_->slots.collect(*found, object, slots).ok());
    return slots;
  }
  // How many vectors a search finds.
  uint32_t count_found() {
    const auto space = parts_->spaces.open_handle("clip");
    std::vector<index::Neighbor> out(100);
    const Vector query(kDim);
    return space.value().knn->search(query.data(), {.k = 100}, true, out).value().count;
  }

  tree::TemporaryTree files_;
  FileIo* io_ = &system_io();
  std::unique_ptr<tree::SourceTree> tree_;
  std::unique_ptr<StorageParts> parts_;
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_STORAGE_TESTING_PARTS_FIXTURE_H_
