// The index as a whole: what it finds, before and after changes, with every metric and element.
#include "index/hnsw_index.h"

#include <gtest/gtest.h>

#include <atomic>
#include <initializer_list>
#include <string>
#include <thread>
#include <tuple>

#include "base/limits.h"
#include "base/sanitizer.h"
#include "index/testing/test_space.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kCount = kSanitized ? 3000 : 12000;

SpaceParameters space(uint32_t dim, Metric metric, ElementType element = ElementType::kF32) {
  SpaceParameters parameters;
  parameters.dim = dim;
  parameters.metric = metric;
  parameters.element = element;
  return parameters;
}

std::vector<uint64_t> every_nth(uint32_t count, uint32_t n) {
  std::vector<uint64_t> words((count + 63) / 64);
  for (uint32_t slot = 0; slot < count; slot += n) words[slot / 64] |= uint64_t{1} << slot % 64;
  return words;
}

// One test for each kind of space, so that they run side by side.
class HnswIndexKinds : public testing::TestWithParam<std::tuple<Metric, ElementType>> {};

TEST_P(HnswIndexKinds, FindsTheNearest) {
  const auto [metric, element] = GetParam();
  TestSpace test(space(24, metric, element), kCount);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, kCount), 2).ok());
  EXPECT_EQ(test.index().size(), kCount);
  EXPECT_GE(test.recall({.k = 10}), 0.95);
}

std::string name_of_kind(const testing::TestParamInfo<HnswIndexKinds::ParamType>& kind) {
  const auto [metric, element] = kind.param;
  std::string name = "InnerProduct";
  if (metric == Metric::kCosine) name = "Cosine";
  if (metric == Metric::kL2) name = "L2";
  return name + (element == ElementType::kF32 ? "F32" : "F16");
}

INSTANTIATE_TEST_SUITE_P(EveryKind, HnswIndexKinds,
                         testing::Combine(testing::Values(Metric::kCosine, Metric::kL2,
                                                          Metric::kInnerProduct),
                                          testing::Values(ElementType::kF32, ElementType::kF16)),
                         name_of_kind);

TEST(HnswIndex, DistancesAreExactAndInOrder) {
  TestSpace test(space(40, Metric::kL2), kCount);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, kCount), 1).ok());
  const std::vector<float> query = test.make();
  const std::vector<Neighbor> found = test.search(query.data(), {.k = 100});
  ASSERT_EQ(found.size(), 100U);
  for (size_t i = 0; i < found.size(); ++i) {
    const float* row = test.vector(static_cast<uint32_t>(found[i].slot));
    float distance = 0;
    for (uint32_t j = 0; j < 40; ++j) distance += (query[j] - row[j]) * (query[j] - row[j]);
    EXPECT_NEAR(found[i].distance, distance, 1e-3);
    EXPECT_LE(found[i == 0 ? 0 : i - 1].distance, found[i].distance);
  }
}

TEST(HnswIndex, RefinesNoMoreThanMayBeNear) {
  TestSpace test(space(300, Metric::kCosine), 3000);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 3000), 2).ok());
  constexpr uint32_t kQueries = 50;
  uint32_t refined = 0;
  uint32_t found = 0;
  for (uint32_t i = 0; i < kQueries; ++i) {
    const std::vector<float> query = test.make();
    SearchWork work;
    const std::vector<Neighbor> nearest = test.search(query.data(), {.k = 10, .ef = 60}, &work);
    const std::vector<Neighbor> truth = test.exact(query.data(), {.k = 10});
    ASSERT_EQ(nearest.size(), 10U);
    ASSERT_EQ(work.plan, SearchPlan::kWalk);
    EXPECT_GE(work.refinements, 10U);
    refined += work.refinements;
    for (uint32_t j = 0; j < 10; ++j) found += nearest[j].slot == truth[j].slot ? 1 : 0;
  }
  EXPECT_LT(refined, kQueries * 20) << "25 of each walk's candidates are the most";
  EXPECT_GE(found, kQueries * 10 * 95 / 100);
}

TEST(HnswIndex, TheLongestRowsOfLinksFitIntoABatch) {
  SpaceParameters parameters = space(16, Metric::kL2);
  parameters.m = limits::kMMax;
  TestSpace test(parameters, 3000);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 3000), 2).ok());
  EXPECT_GE(test.recall({.k = 10, .ef = 70}), 0.99);
}

TEST(HnswIndex, ScansSlotsThatItDoesNotHave) {
  TestSpace test(space(8, Metric::kL2), 100);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 50), 1).ok());
  const std::vector<float> query = test.make();
  const std::vector<Neighbor> linked = test.exact(query.data(), {.k = 5});
  std::vector<Slot> slots = TestSpace::slots(0, 50);
  slots.push_back(kNoSlot);
  Result<SearchScratch> scratch = SearchScratch::create();
  std::vector<Neighbor> out(5);
  SearchWork work;
  auto count = test.index().search_slots(query.data(), slots, {.k = 5}, scratch.value(), out, work);
  ASSERT_TRUE(count.ok());
  ASSERT_EQ(count.value(), 5U);
  EXPECT_EQ(work.refinements, 50U);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(out[i].slot, linked[i].slot);
    EXPECT_EQ(out[i].distance, linked[i].distance) << "bit for bit: the engine merges the lists";
  }
  ASSERT_TRUE(test.index().add(TestSpace::slots(50, 100), 1).ok());
  const std::vector<Neighbor> all = test.exact(query.data(), {.k = 5});
  slots = TestSpace::slots(0, 100);
  count = test.index().search_slots(query.data(), slots, {.k = 5}, scratch.value(), out, work);
  ASSERT_TRUE(count.ok());
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(out[i].slot, all[i].slot);
  const std::vector<uint64_t> words = every_nth(100, 25);
  const SlotFilter filter{words.data(), 100, 4};
  count = test.index().search_slots(query.data(), slots, {.k = 5, .filter = &filter},
                                    scratch.value(), out, work);
  EXPECT_EQ(count.value(), 4U);
  std::vector<float> distances(5);
  slots = {all[4].slot, all[1].slot, all[0].slot, all[2].slot, all[3].slot};
  test.index().distances(query.data(), slots, scratch.value(), distances);
  EXPECT_EQ(distances, (std::vector<float>{all[4].distance, all[1].distance, all[0].distance,
                                           all[2].distance, all[3].distance}));
}

TEST(HnswIndex, AnEmptyOneAnswersNothing) {
  TestSpace test(space(8, Metric::kCosine), 10);
  const std::vector<float> query = test.make();
  EXPECT_TRUE(test.search(query.data(), {.k = 3}).empty());
  EXPECT_TRUE(test.exact(query.data(), {.k = 3}).empty());
  EXPECT_EQ(test.index().size(), 0U);
}

TEST(HnswIndex, FewVectorsAreAllFound) {
  for (uint32_t count = 1; count < 40; ++count) {
    TestSpace test(space(8, Metric::kCosine), count);
    ASSERT_TRUE(test.index().add(TestSpace::slots(0, count), 1).ok());
    const std::vector<float> query = test.make();
    EXPECT_EQ(test.search(query.data(), {.k = 50}).size(), count);
  }
}

TEST(HnswIndex, EqualVectorsAreAllFound) {
  TestSpace test(space(8, Metric::kL2), 3000);
  for (uint32_t slot = 0; slot < 3000; ++slot) test.set(slot, std::vector<float>(8, 1.0F));
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 3000), 1).ok());
  const std::vector<float> query(8, 1.0F);
  EXPECT_EQ(test.search(query.data(), {.k = 1000}).size(), 1000U);
}

TEST(HnswIndex, VectorsOfZeroLengthAreVectorsToo) {
  TestSpace test(space(8, Metric::kInnerProduct), 100);
  for (uint32_t slot = 0; slot < 50; ++slot) test.set(slot, std::vector<float>(8, 0.0F));
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 100), 1).ok());
  const std::vector<float> query(8, 0.0F);
  EXPECT_EQ(test.search(query.data(), {.k = 100}).size(), 100U);
}

TEST(HnswIndex, SlotsMayComeInAnyOrderAndWithGaps) {
  TestSpace test(space(16, Metric::kCosine), 5000);
  std::vector<Slot> slots;
  for (uint32_t slot = 4999; slot > 7; slot -= 7) slots.push_back(Slot{slot});
  ASSERT_TRUE(test.index().add(slots, 2).ok());
  EXPECT_EQ(test.index().size(), slots.size());
  EXPECT_EQ(test.index().slots_end(), 5000U);
  EXPECT_FALSE(test.index().contains(Slot{4998}));
  EXPECT_TRUE(test.index().contains(Slot{4999}));
  EXPECT_GE(test.recall({.k = 10}), 0.95);
}

TEST(HnswIndex, RefusesWhatItHasAndWhatIsOutOfBounds) {
  TestSpace test(space(8, Metric::kCosine), 10);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 5), 1).ok());
  EXPECT_EQ(test.index().add(TestSpace::slots(4, 6), 1).error(), EEXIST);
  EXPECT_EQ(test.index().add(std::vector{Slot{limits::kSlotsMax}}, 1).error(), ENOSPC);
  SearchScratch scratch = std::move(SearchScratch::create()).value();
  std::vector<Neighbor> out(limits::kNeighborsMax);
  SearchWork work;
  const std::vector<float> query = test.make();
  const auto error = [&](SearchOptions options, size_t room) {
    return test.index()
        .search(query.data(), options, scratch, std::span(out).first(room), work)
        .error();
  };
  EXPECT_EQ(error({.k = 0}, out.size()), EINVAL);
  EXPECT_EQ(error({.k = limits::kNeighborsMax + 1}, out.size()), EINVAL);
  EXPECT_EQ(error({.k = 5, .ef = limits::kEfMax + 1}, out.size()), EINVAL);
  EXPECT_EQ(error({.k = 5}, 4), EINVAL);
}

TEST(HnswIndex, HiddenSlotsAreNotFoundUntilTheyShow) {
  TestSpace test(space(16, Metric::kCosine), kCount);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, kCount), 2).ok());
  const std::vector<float> query = test.make();
  const std::vector<Neighbor> before = test.search(query.data(), {.k = 10});
  for (const Neighbor& neighbor : before) test.index().hide(neighbor.slot);
  const std::vector<Neighbor> hidden = test.search(query.data(), {.k = 10});
  EXPECT_EQ(hidden.size(), 10U);
  for (const Neighbor& other : hidden)
    for (const Neighbor& neighbor : before) EXPECT_NE(other.slot, neighbor.slot);
  for (const Neighbor& neighbor : before) test.index().unhide(neighbor.slot);
  const std::vector<Neighbor> after = test.search(query.data(), {.k = 10});
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].slot, before[i].slot);
}

TEST(HnswIndex, RemovedSlotsAreGoneAndCanBeUsedAgain) {
  TestSpace test(space(16, Metric::kCosine), kCount);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, kCount), 2).ok());
  std::mt19937 random(5);
  for (int round = 0; round < 3; ++round) {
    std::vector<Slot> some;
    for (uint32_t slot = 0; slot < kCount; ++slot)
      if (random() % 10 < 3) some.push_back(Slot{slot});
    ASSERT_TRUE(test.index().remove(some, 2).ok());
    EXPECT_EQ(test.index().size(), kCount - some.size());
    for (const Slot slot : some) EXPECT_FALSE(test.index().contains(slot));
    EXPECT_GE(test.recall({.k = 10}), 0.95);
    for (const Slot slot : some) test.set(static_cast<uint32_t>(slot), test.make());
    ASSERT_TRUE(test.index().add(some, 2).ok());
    EXPECT_EQ(test.index().size(), kCount);
    EXPECT_GE(test.recall({.k = 10}), 0.95);
  }
}

TEST(HnswIndex, EverySlotCanBeRemovedOneByOne) {
  TestSpace test(space(8, Metric::kL2), 300);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 300), 1).ok());
  for (uint32_t slot = 0; slot < 300; ++slot) {
    ASSERT_TRUE(test.index().remove(std::vector{Slot{slot}, Slot{slot}}, 1).ok());
    const std::vector<float> query = test.make();
    EXPECT_EQ(test.search(query.data(), {.k = 1000}).size(), 299 - slot);
  }
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 300), 1).ok());
  EXPECT_GE(test.recall({.k = 10}), 0.95);
}

TEST(HnswIndex, FiltersKeepRecallAndAlwaysGiveK) {
  TestSpace test(space(24, Metric::kCosine), kCount);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, kCount), 2).ok());
  for (const uint32_t n : {1U, 2U, 4U, 10U, 100U, 1000U}) {
    const std::vector<uint64_t> words = every_nth(kCount, n);
    const SlotFilter filter{words.data(), kCount, (kCount + n - 1) / n};
    EXPECT_GE(test.recall({.k = 10, .filter = &filter}), 0.95) << n;
    const std::vector<float> query = test.make();
    const auto found = test.search(query.data(), {.k = 10, .filter = &filter});
    EXPECT_EQ(found.size(), std::min<size_t>(10, filter.matches));
    for (const Neighbor& neighbor : found) EXPECT_EQ(static_cast<uint32_t>(neighbor.slot) % n, 0U);
  }
}

TEST(HnswIndex, EachWalkUnderAFilterFindsWhatPasses) {
  constexpr uint32_t kRows = kSanitized ? 1500 : 3000;
  for (const uint16_t m : {uint16_t{16}, uint16_t{limits::kMMax}}) {
    SpaceParameters parameters = space(240, Metric::kCosine);
    parameters.m = m;
    TestSpace test(parameters, kRows);
    ASSERT_TRUE(test.index().add(TestSpace::slots(0, kRows), 2).ok());
    for (const uint32_t n : {2U, 3U}) {
      const std::vector<uint64_t> words = every_nth(kRows, n);
      // The planner trusts the number of matches, which chooses the plan here.
      const SlotFilter filter{words.data(), kRows, n == 2 ? kRows : kRows * 3 / 8};
      const SearchOptions options{.k = 5, .ef = kRows * 3 / 8 / 80 - 1, .filter = &filter};
      SearchWork work;
      const std::vector<float> query = test.make();
      const auto found = test.search(query.data(), options, &work);
      EXPECT_EQ(work.plan, n == 2 ? SearchPlan::kWalk : SearchPlan::kWidenedWalk) << m;
      EXPECT_EQ(found.size(), 5U);
      for (const Neighbor& neighbor : found)
        EXPECT_EQ(static_cast<uint32_t>(neighbor.slot) % n, 0U);
      EXPECT_GE(test.recall(options), 0.9) << m << " " << n;
    }
  }
}

TEST(HnswIndex, AFilterMayBeShorterThanTheIndexOrEmpty) {
  TestSpace test(space(8, Metric::kCosine), 1000);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 1000), 1).ok());
  const std::vector<uint64_t> words(2, ~uint64_t{0});
  const SlotFilter filter{words.data(), 70, 70};
  const std::vector<float> query = test.make();
  for (const Neighbor& neighbor : test.search(query.data(), {.k = 100, .filter = &filter}))
    EXPECT_LT(static_cast<uint32_t>(neighbor.slot), 70U);
  EXPECT_EQ(test.search(query.data(), {.k = 100, .filter = &filter}).size(), 70U);
  const SlotFilter none;
  EXPECT_TRUE(test.search(query.data(), {.k = 100, .filter = &none}).empty());
}

TEST(HnswIndex, LargestParametersWork) {
  SpaceParameters parameters = space(limits::kDimMax, Metric::kCosine);
  parameters.m = limits::kMMax;
  parameters.ef_construction = 300;
  TestSpace test(parameters, 400);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, 400), 2).ok());
  EXPECT_GE(test.recall({.k = 10, .ef = limits::kEfMax}, 10), 0.99);
}

// Searches run while two threads add, remove and add again. No result may be out of order, a slot
// that was never added, or a duplicate. ThreadSanitizer sees the rest.
TEST(HnswIndex, SearchesRunBesideTheWriter) {
  constexpr uint32_t kBase = 1500;
  constexpr uint32_t kEnd = 3000;
  TestSpace test(space(240, Metric::kCosine), kEnd);
  ASSERT_TRUE(test.index().add(TestSpace::slots(0, kBase), 1).ok());
  const std::vector<float> query = test.make();
  std::atomic<bool> done = false;
  std::atomic<int> searches = 0;
  std::vector<std::thread> readers;
  // A scan, and, with few candidates, a plain walk, one under a filter, and a widened one.
  const std::vector<uint64_t> all(kEnd / 64 + 1, ~uint64_t{0});
  const SlotFilter plain{all.data(), kEnd, kEnd};
  const SlotFilter widened{all.data(), kEnd, kBase * 3 / 8};
  for (const SearchOptions& options :
       std::initializer_list<SearchOptions>{{.k = 20},
                                            {.k = 5, .ef = 5},
                                            {.k = 5, .ef = 5, .filter = &plain},
                                            {.k = 5, .ef = 5, .filter = &widened}}) {
    readers.emplace_back([&, options] {
      SearchScratch scratch = std::move(SearchScratch::create()).value();
      std::vector<Neighbor> out(options.k);
      SearchWork work;
      while (!done) {
        const auto found = test.index().search(query.data(), options, scratch, out, work);
        ASSERT_TRUE(found.ok());
        ASSERT_EQ(found.value(), options.k);
        for (uint32_t j = 1; j < found.value(); ++j) {
          ASSERT_LE(out[j - 1].distance, out[j].distance);
          ASSERT_NE(out[j - 1].slot, out[j].slot);
          ASSERT_LT(static_cast<uint32_t>(out[j].slot), kEnd);
        }
        ++searches;
      }
    });
  }
  while (searches == 0) std::this_thread::yield();
  EXPECT_TRUE(test.index().add(TestSpace::slots(kBase, kEnd), 2).ok());
  EXPECT_TRUE(test.index().remove(TestSpace::slots(500, 1000), 2).ok());
  for (uint32_t slot = 0; slot < 100; ++slot) test.index().hide(Slot{slot});
  EXPECT_TRUE(test.index().remove(TestSpace::slots(0, 100), 2).ok());
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GE(test.recall({.k = 10}), 0.95);
}

}  // namespace
}  // namespace vexfs::index
