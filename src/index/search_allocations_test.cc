// A search allocates nothing, whatever its plan: all its working memory is the scratch.
#include <gtest/gtest.h>

#include <vector>

#include "base/testing/allocation_count.h"
#include "index/testing/test_space.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kVectors = 4000;
constexpr uint32_t kEf = 64;  // Few enough that the planner walks.

class SearchAllocations : public testing::Test {
 protected:
  using Search = Result<uint32_t> (HnswIndex::*)(const float*, const SearchOptions&, SearchScratch&,
                                                 std::span<Neighbor>, SearchWork&) const;

  void SetUp() override {
    if (!kCountsAllocations) GTEST_SKIP() << "the sanitizer's allocator is not counted";
    ASSERT_TRUE(test_.index().add(TestSpace::slots(0, kVectors), 1).ok());
  }

  // Allocations of the first search in a scratch, and of one after it.
  void expect_none(Search search, const SearchOptions& options, SearchPlan plan) {
    SearchScratch scratch = std::move(SearchScratch::create()).value();
    std::vector<Neighbor> out(options.k);
    const std::vector<float> query = test_.make();
    for (int i = 0; i < 2; ++i) {
      SearchWork work;
      const uint64_t before = allocations_of_this_thread();
      const Result<uint32_t> found =
          (test_.index().*search)(query.data(), options, scratch, out, work);
      EXPECT_EQ(allocations_of_this_thread(), before);
      EXPECT_TRUE(found.ok());
      EXPECT_EQ(work.plan, plan);
    }
  }

  TestSpace test_ = TestSpace({.dim = 24}, kVectors);
  const std::vector<uint64_t> every_other_ =
      std::vector<uint64_t>((kVectors + 63) / 64, 0x5555555555555555);
};

TEST_F(SearchAllocations, NoneInAWalk) {
  expect_none(&HnswIndex::search, {.k = 10, .ef = kEf}, SearchPlan::kWalk);
}

TEST_F(SearchAllocations, NoneUnderAFilter) {
  // The planner trusts the number of matches, which chooses the plan here.
  const SlotFilter half{every_other_.data(), kVectors, kVectors};
  const SlotFilter widened{every_other_.data(), kVectors, kVectors * 3 / 8};
  const SlotFilter few{every_other_.data(), kVectors, kVectors / 100};
  expect_none(&HnswIndex::search, {.k = 10, .ef = kEf, .filter = &half}, SearchPlan::kWalk);
  expect_none(&HnswIndex::search, {.k = 10, .ef = 10, .filter = &widened},
              SearchPlan::kWidenedWalk);
  expect_none(&HnswIndex::search, {.k = 10, .ef = kEf, .filter = &few}, SearchPlan::kExactScan);
}

TEST_F(SearchAllocations, NoneInAScan) {
  expect_none(&HnswIndex::search_exact, {.k = 10}, SearchPlan::kExactScan);
}

TEST_F(SearchAllocations, NoneWhereTooFewAreFoundByTheWalk) {
  for (uint32_t slot = 0; slot < kVectors - 20; ++slot) test_.index().hide(Slot{slot});
  expect_none(&HnswIndex::search, {.k = 10, .ef = kEf}, SearchPlan::kExactScan);
}

}  // namespace
}  // namespace vexfs::index
