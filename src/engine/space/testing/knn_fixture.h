// KnnFixture: for tests, a KnnSearchEngine over a vector file in a temporary directory, and the
// model that it must agree with.
#ifndef VEXFS_ENGINE_SPACE_TESTING_KNN_FIXTURE_H_
#define VEXFS_ENGINE_SPACE_TESTING_KNN_FIXTURE_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "base/mutex.h"
#include "base/testing/temporary_directory.h"
#include "engine/space/knn_search_engine.h"

namespace vexfs::engine {

class KnnFixture : public testing::Test {
 protected:
  static constexpr uint32_t kDim = 8;

  void SetUp() override {
    auto vectors = store::VectorFile::open(system_io(), directory_.fd(), parameters_);
    ASSERT_TRUE(vectors.ok()) << vectors.status().what();
    vectors_ = std::move(vectors.value());
    open();
  }
  // The engine lets go of slots as it ends, so it must end before let_go_ does.
  void TearDown() override { knn_.reset(); }

  void open(const KnnSearchEngine::Replay& replay = {}, ChangeNumber last_change = 0) {
    KnnOptions options;
    options.parameters = parameters_;
    options.vectors = vectors_.get();
    options.scratches = scratches_;
    options.io = &system_io();
    options.directory = Fd(::openat(directory_.fd().get(), ".", O_RDONLY | O_DIRECTORY));
    options.let_go = [this](std::span<const Slot> slots) {
      const MutexLock lock(mutex_);
      for (const Slot slot : slots) let_go_.insert(static_cast<uint32_t>(slot));
    };
    options.make_durable = [this] {
      ++made_durable_;
      return Status();
    };
    auto opened = KnnSearchEngine::open(std::move(options), last_change);
    ASSERT_TRUE(opened.ok()) << opened.status().what();
    knn_ = std::move(opened.value());
    change_ = last_change;
    if (reading_) return;
    ASSERT_TRUE(knn_->replay(replay, last_change).ok());
  }

  std::vector<float> vector_of(uint32_t seed) const {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::vector<float> vector(kDim);
    for (float& value : vector) value = normal(random);
    return vector;
  }

  void write(uint32_t slot, uint32_t seed) {
    ASSERT_TRUE(vectors_->write(Slot{slot}, {}, vector_of(seed).data()).ok());
  }

  void add(uint32_t slot, uint32_t seed) {
    write(slot, seed);
    if (!knn_->has_room(1)) knn_->wait_for_room(1);
    knn_->added(Slot{slot}, ++change_);
  }
  void remove(uint32_t slot) { knn_->removed(Slot{slot}, ++change_); }
  void settle() { ASSERT_TRUE(knn_->settle(60'000)); }

  std::vector<uint32_t> nearest(uint32_t seed, uint32_t k, bool exact = false) {
    std::vector<index::Neighbor> out(k);
    const std::vector<float> query = vector_of(seed);
    const auto found = knn_->search(query.data(), {.k = k, .ef = 200}, exact, out);
    EXPECT_TRUE(found.ok()) << found.status().what();
    std::vector<uint32_t> slots;
    for (uint32_t i = 0; i < found.value().count; ++i) {
      slots.push_back(static_cast<uint32_t>(out[i].slot));
    }
    return slots;
  }
  // Whether walk and scan both find this slot nearest to the vector of this seed.
  bool finds(uint32_t slot, uint32_t seed) {
    const std::vector<uint32_t> walked = nearest(seed, 1);
    const std::vector<uint32_t> scanned = nearest(seed, 1, true);
    return walked == scanned && walked == std::vector<uint32_t>{slot};
  }
  std::set<uint32_t> all(bool exact) {
    const std::vector<uint32_t> slots = nearest(1, 1000, exact);
    std::set<uint32_t> set(slots.begin(), slots.end());
    EXPECT_EQ(set.size(), slots.size()) << "a slot comes once";
    return set;
  }
  std::set<uint32_t> let_go() {
    const MutexLock lock(mutex_);
    return let_go_;
  }

  TemporaryDirectory directory_;
  SpaceParameters parameters_{.dim = kDim, .metric = Metric::kL2};
  std::unique_ptr<store::VectorFile> vectors_;
  std::shared_ptr<SearchScratches> scratches_ = std::make_shared<SearchScratches>();
  bool reading_ = false;
  std::unique_ptr<KnnSearchEngine> knn_;
  ChangeNumber change_ = 0;
  std::atomic<int> made_durable_{0};
  Mutex mutex_;
  std::set<uint32_t> let_go_ GUARDED_BY(mutex_);
};

}  // namespace vexfs::engine

#endif  // VEXFS_ENGINE_SPACE_TESTING_KNN_FIXTURE_H_
