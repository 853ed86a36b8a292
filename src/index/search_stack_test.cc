// How much stack a search takes, measured on a painted one, at the largest parameters: ef of
// limits::kEfMax, m of limits::kMMax, limits::kLayersMax layers. tools/stack proves the same bound.
#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

#include "base/limits.h"
#include "base/testing/painted_stack.h"
#include "index/graph.h"
#include "index/hnsw_index.h"
#include "index/image_header.h"
#include "index/testing/test_image.h"
#include "kernels/testing/every_target.h"

namespace vexfs::index {
namespace {

// With fewer slots than this the planner scans instead, at the largest ef.
constexpr uint32_t kSlots = 80'100;
constexpr uint32_t kDim = 100;  // Every loop of the kernels runs, whatever the instruction set.
constexpr uint32_t kTop = limits::kLayersMax - 1;
constexpr uint32_t kM = limits::kMMax;

class Random {
 public:
  uint32_t next() {
    return static_cast<uint32_t>((state_ = state_ * 6364136223846793005 + 1) >> 33);
  }
  float number() { return static_cast<float>(next()) * 0x1p-30F - 1; }

 private:
  uint64_t state_ = 1;
};

std::vector<float> random_vector(Random& random) {
  std::vector<float> vector(kDim);
  for (float& x : vector) x = random.number();
  return vector;
}

// A graph that would take too long to build: every row is full, and two slots are on all layers.
class LargestGraph {
 public:
  LargestGraph(Metric metric, ElementType element) {
    space_.dim = kDim;
    space_.m = kM;
    space_.metric = metric;
    space_.element = element;
    header_.dim = kDim;
    header_.m = kM;
    header_.metric = static_cast<uint8_t>(metric);
    header_.slots_end = kSlots;
    header_.size = kSlots;
    header_.upper_rows = 2 * kTop;
    header_.entry_slot = 0;
    header_.entry_layer = kTop;
    words_[0] = Graph::kFirstUpperRow;
    words_[1] = Graph::kFirstUpperRow + kTop;
    for (uint32_t row = 0; row < 2 * kTop; ++row) add_upper_row(row / kTop, row % kTop + 1, row);
  }

  std::unique_ptr<HnswIndex> open(const std::vector<uint32_t>& links) {
    CodeColumn codes = std::move(CodeColumn::create(kDim, space_.metric)).value();
    EXPECT_TRUE(codes.grow(kSlots).ok());
    for (uint32_t slot = 0; slot < kSlots; ++slot)
      codes.encode(slot, random_vector(random_).data());
    header_.scale_max = codes.scale_max();
    header_.norm_max = codes.norm_max();
    TestImage image({std::as_bytes(std::span(&header_, 1)),
                     std::as_bytes(std::span(words_)),
                     {codes.memory().data(), size_t{kSlots} * codes.shape().stride_bytes},
                     std::as_bytes(std::span(links)),
                     std::as_bytes(std::span(upper_))});
    // All slots share one row of vectors: their values do not matter to the stack.
    Result<std::unique_ptr<HnswIndex>> index =
        HnswIndex::open(space_, {reinterpret_cast<const std::byte*>(row_.data()), 0}, image.map());
    EXPECT_TRUE(index.ok()) << index.status().what();
    return std::move(index).value();
  }

 private:
  void add_upper_row(uint32_t slot, uint32_t layer, uint32_t row) {
    upper_.insert(upper_.end(), {slot, layer, layer == kTop ? Graph::kNoRow : row + 1});
    for (uint32_t i = 0; i < kM; ++i) upper_.push_back(i < 2 ? 1 - slot : random_.next() % kSlots);
  }

  Random random_;
  SpaceParameters space_;
  ImageHeader header_;
  std::vector<uint32_t> words_ = std::vector<uint32_t>(kSlots, Graph::kBottomOnly);
  std::vector<uint32_t> upper_;
  std::vector<float> row_ = random_vector(random_);
};

std::vector<uint32_t> full_rows_of_links() {
  Random random;
  std::vector<uint32_t> links(size_t{kSlots} * 2 * kM);
  for (uint32_t& link : links) link = random.next() % kSlots;
  return links;
}

constexpr uint32_t kOperation = 0;  // The test's number for a search.

void measure(const HnswIndex& index, const SearchOptions& options, SearchPlan plan,
             const std::vector<float>& query) {
  SearchScratch scratch = std::move(SearchScratch::create()).value();
  std::vector<Neighbor> out(limits::kNeighborsMax);
  SearchWork work;
  bool ok = false;
  run_on_painted_stack(kOperation, limits::kThreadStackBytesDefault,
                       [&] { ok = index.search(query.data(), options, scratch, out, work).ok(); });
  EXPECT_TRUE(ok);
  EXPECT_EQ(work.plan, plan);
  if (plan != SearchPlan::kExactScan) {
    EXPECT_GE(work.hops, options.ef / 2) << "a walk of this length";
  }
}

TEST(SearchStack, TheLargestSearchKeepsItsBound) {
  if (!StackMonitor::kEnabled) GTEST_SKIP() << "sanitizers make frames larger";
  const std::vector<uint32_t> links = full_rows_of_links();
  const std::vector<uint64_t> every_other((kSlots + 63) / 64, 0x5555555555555555);
  // The planner trusts the number of matches, which chooses the plan here.
  const SlotFilter plain{every_other.data(), kSlots, kSlots};
  const SlotFilter widened{every_other.data(), kSlots, kSlots * 3 / 8};
  const SlotFilter few{every_other.data(), kSlots, kSlots / 100};
  Random random;
  for (const Metric metric : {Metric::kCosine, Metric::kL2, Metric::kInnerProduct}) {
    const ElementType element = metric == Metric::kL2 ? ElementType::kF16 : ElementType::kF32;
    const std::unique_ptr<HnswIndex> index = LargestGraph(metric, element).open(links);
    const std::vector<float> query = random_vector(random);
    constexpr uint32_t kMost = limits::kNeighborsMax;
    kernels::for_every_target([&] {
      measure(*index, {kMost, limits::kEfMax, nullptr}, SearchPlan::kWalk, query);
      measure(*index, {kMost, limits::kEfMax, &plain}, SearchPlan::kWalk, query);
      measure(*index, {100, 110, &widened}, SearchPlan::kWidenedWalk, query);
      measure(*index, {kMost, limits::kEfMax, &few}, SearchPlan::kExactScan, query);
    });
  }
  const uint32_t bytes = StackMonitor::high_water_bytes(kOperation);
  std::printf("an HNSW search took %u bytes of stack, of %zu\n", bytes, limits::kSearchStackBytes);
  EXPECT_GT(bytes, 200U) << "nothing was measured";
  EXPECT_LE(bytes, limits::kSearchStackBytes);
}

}  // namespace
}  // namespace vexfs::index
