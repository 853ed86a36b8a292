// For tests: vectors of a space in memory, and an index over them.
#ifndef VEXFS_INDEX_TESTING_TEST_SPACE_H_
#define VEXFS_INDEX_TESTING_TEST_SPACE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "index/hnsw_index.h"
#include "kernels/float16.h"

namespace vexfs::index {

// Vectors around a few centres, seeded: neighbours are near, but not all alike.
class TestSpace {
 public:
  TestSpace(SpaceParameters parameters, uint32_t count, uint32_t seed = 1)
      : parameters_(parameters), random_(seed) {
    constexpr uint32_t kCentres = 20;
    centres_.resize(size_t{kCentres} * parameters.dim);
    for (float& x : centres_) x = normal_(random_);
    vectors_.resize(size_t{count} * parameters.dim);
    for (uint32_t slot = 0; slot < count; ++slot) set(slot, make());
    index_ = std::move(HnswIndex::create(parameters, rows())).value();
  }

  std::vector<float> make() {
    const size_t centre = random_() % (centres_.size() / parameters_.dim);
    std::vector<float> vector(parameters_.dim);
    for (uint32_t i = 0; i < parameters_.dim; ++i)
      vector[i] = centres_[centre * parameters_.dim + i] + 0.7F * normal_(random_);
    return vector;
  }
  void set(uint32_t slot, const std::vector<float>& vector) {
    std::copy(vector.begin(), vector.end(), vectors_.begin() + slot * parameters_.dim);
    if (parameters_.element == ElementType::kF32) return;
    halves_.resize(vectors_.size());
    for (uint32_t i = 0; i < parameters_.dim; ++i)
      halves_[slot * parameters_.dim + i] = kernels::to_float16(vector[i]);
  }
  const float* vector(uint32_t slot) const { return &vectors_[slot * parameters_.dim]; }
  VectorRows rows() const {
    const void* base = parameters_.element == ElementType::kF32
                           ? static_cast<const void*>(vectors_.data())
                           : static_cast<const void*>(halves_.data());
    return {static_cast<const std::byte*>(base),
            parameters_.dim * element_bytes(parameters_.element)};
  }

  HnswIndex& index() { return *index_; }
  void replace_index(std::unique_ptr<HnswIndex> index) { index_ = std::move(index); }
  const SpaceParameters& parameters() const { return parameters_; }

  static std::vector<Slot> slots(uint32_t first, uint32_t end) {
    std::vector<Slot> slots;
    for (uint32_t slot = first; slot < end; ++slot) slots.push_back(Slot{slot});
    return slots;
  }

  std::vector<Neighbor> search(const float* query, SearchOptions options,
                               SearchWork* work = nullptr) {
    return run(&HnswIndex::search, query, options, work);
  }
  std::vector<Neighbor> exact(const float* query, SearchOptions options) {
    return run(&HnswIndex::search_exact, query, options, nullptr);
  }

  // The share of the true neighbours that searches find, over new random queries.
  double recall(SearchOptions options, int queries = 100) {
    size_t found = 0;
    size_t wanted = 0;
    for (int i = 0; i < queries; ++i) {
      const std::vector<float> query = make();
      const std::vector<Neighbor> truth = exact(query.data(), options);
      std::set<Slot> near;
      for (const Neighbor& neighbor : search(query.data(), options)) near.insert(neighbor.slot);
      for (const Neighbor& neighbor : truth) found += near.count(neighbor.slot);
      wanted += truth.size();
    }
    return static_cast<double>(found) / static_cast<double>(wanted);
  }

 private:
  using Search = Result<uint32_t> (HnswIndex::*)(const float*, const SearchOptions&, SearchScratch&,
                                                 std::span<Neighbor>, SearchWork&) const;
  std::vector<Neighbor> run(Search method, const float* query, SearchOptions options,
                            SearchWork* work) {
    SearchWork own;
    std::vector<Neighbor> out(options.k);
    const Result<uint32_t> found =
        (*index_.*method)(query, options, scratch_, out, work == nullptr ? own : *work);
    EXPECT_TRUE(found.ok()) << found.status().what();
    out.resize(found.ok() ? found.value() : 0);
    return out;
  }

  SpaceParameters parameters_;
  std::mt19937 random_;
  std::normal_distribution<float> normal_;
  std::vector<float> centres_;
  std::vector<float> vectors_;
  std::vector<kernels::Float16> halves_;
  std::unique_ptr<HnswIndex> index_;
  SearchScratch scratch_ = std::move(SearchScratch::create()).value();
};

}  // namespace vexfs::index

#endif  // VEXFS_INDEX_TESTING_TEST_SPACE_H_
