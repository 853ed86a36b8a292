// What is found, and when: pending, linked, hidden, removed; beside a writer that is at work.
#include "engine/space/knn_search_engine.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include "base/testing/allocation_count.h"
#include "engine/space/testing/knn_fixture.h"

namespace vexfs::engine {
namespace {

using KnnSearchEngineTest = KnnFixture;
using Slots = std::vector<uint32_t>;

TEST_F(KnnSearchEngineTest, NothingIsFoundInNothing) {
  EXPECT_EQ(nearest(1, 10), Slots{});
  EXPECT_EQ(nearest(1, 10, true), Slots{});
}

TEST_F(KnnSearchEngineTest, RefusesWhatIsNoQuestion) {
  std::vector<index::Neighbor> out(10);
  const std::vector<float> query = vector_of(1);
  EXPECT_EQ(knn_->search(query.data(), {.k = 0}, false, out).error(), EINVAL);
  EXPECT_EQ(knn_->search(query.data(), {.k = 11}, false, out).error(), EINVAL);
  EXPECT_EQ(knn_->search(query.data(), {.k = limits::kNeighborsMax + 1}, false, out).error(),
            EINVAL);
}

TEST_F(KnnSearchEngineTest, FoundAtOnceAndWhenLinked) {
  for (uint32_t slot = 0; slot < 300; ++slot) {
    add(slot, slot + 1000);
    ASSERT_TRUE(finds(slot, slot + 1000)) << slot;
  }
  EXPECT_EQ(all(true).size(), 300U);
  settle();
  EXPECT_EQ(knn_->statistics().linked, 300U);
  EXPECT_EQ(knn_->statistics().pending, 0U);
  EXPECT_EQ(all(true).size(), 300U);
  EXPECT_EQ(all(false).size(), 300U) << "no fewer than there are";
  for (uint32_t slot = 0; slot < 300; ++slot) ASSERT_TRUE(finds(slot, slot + 1000)) << slot;
}

TEST_F(KnnSearchEngineTest, GraphAndBufferTogether) {
  for (uint32_t slot = 0; slot < 500; ++slot) add(slot, slot + 1);
  settle();
  for (uint32_t slot = 500; slot < 600; ++slot) add(slot, slot + 1);
  EXPECT_EQ(nearest(7777, 50), nearest(7777, 50, true));
  EXPECT_EQ(all(false).size(), 600U);
}

TEST_F(KnnSearchEngineTest, OnlyTheFirstSearchAllocates) {
  if (!kCountsAllocations) GTEST_SKIP() << "the sanitizer's allocator is not counted";
  for (uint32_t slot = 0; slot < 500; ++slot) add(slot, slot + 1);
  settle();
  for (uint32_t slot = 500; slot < 600; ++slot) add(slot, slot + 1);
  std::vector<index::Neighbor> out(10);
  const std::vector<float> query = vector_of(7777);
  const auto allocations = [&](bool exact) {
    const uint64_t before = allocations_of_this_thread();
    EXPECT_TRUE(knn_->search(query.data(), {.k = 10, .ef = 10}, exact, out).ok());
    return allocations_of_this_thread() - before;
  };
  EXPECT_GT(allocations(false), 0U) << "it makes what searches work in";
  EXPECT_EQ(allocations(false), 0U);
  EXPECT_EQ(allocations(true), 0U);
}

TEST_F(KnnSearchEngineTest, RowsThatCannotBeReadAreAnError) {
  for (uint32_t slot = 0; slot < 500; ++slot) add(slot, slot + 1);
  settle();
  std::vector<index::Neighbor> out(10);
  const std::vector<float> query = vector_of(7777);
  ASSERT_TRUE(knn_->search(query.data(), {.k = 10}, true, out).ok());
  ASSERT_EQ(::truncate(directory_.path("vectors").c_str(), 4096), 0);
  EXPECT_EQ(knn_->search(query.data(), {.k = 10}, true, out).error(), EIO);
  EXPECT_EQ(knn_->search(query.data(), {.k = 10}, false, out).error(), EIO);
}

TEST_F(KnnSearchEngineTest, RemovedIsNotFoundWhereverItWas) {
  add(1, 11);
  remove(1);
  EXPECT_EQ(all(false), std::set<uint32_t>{});
  add(2, 12);
  add(3, 13);
  settle();
  remove(2);
  EXPECT_EQ(all(false), std::set<uint32_t>{3});
  EXPECT_EQ(all(true), std::set<uint32_t>{3});
  settle();
  EXPECT_EQ(all(false), std::set<uint32_t>{3});
  EXPECT_EQ(let_go(), (std::set<uint32_t>{1, 2}));
  add(2, 22);
  EXPECT_TRUE(finds(2, 22)) << "a slot that was let go serves again";
  settle();
  EXPECT_TRUE(finds(2, 22));
}

TEST_F(KnnSearchEngineTest, HiddenAndBack) {
  add(1, 11);
  add(2, 12);
  knn_->hide(Slot{1});
  EXPECT_EQ(all(false), std::set<uint32_t>{2});
  settle();
  EXPECT_EQ(all(false), std::set<uint32_t>{2}) << "linking does not show it";
  EXPECT_EQ(all(true), std::set<uint32_t>{2});
  knn_->unhide(Slot{1});
  EXPECT_EQ(all(false), (std::set<uint32_t>{1, 2}));
  knn_->hide(Slot{2});
  EXPECT_EQ(all(true), std::set<uint32_t>{1});
  remove(2);
  settle();
  add(2, 22);
  EXPECT_TRUE(finds(2, 22)) << "a new passage is not hidden by what the slot was";
}

TEST_F(KnnSearchEngineTest, HiddenWhilePendingAndRemovedBeforeItIsLinked) {
  add(1, 11);
  knn_->hide(Slot{1});
  remove(1);
  settle();
  add(1, 21);
  settle();
  EXPECT_TRUE(finds(1, 21));
}

TEST_F(KnnSearchEngineTest, AFilterHoldsForTheBufferToo) {
  for (uint32_t slot = 0; slot < 64; ++slot) add(slot, slot + 1);
  settle();
  for (uint32_t slot = 64; slot < 128; ++slot) add(slot, slot + 1);
  const std::vector<uint64_t> words = {0b1010, 0b101};
  const index::SlotFilter filter{.words = words.data(), .slots = 128, .matches = 4};
  std::vector<index::Neighbor> out(10);
  const std::vector<float> query = vector_of(5);
  const auto found = knn_->search(query.data(), {.k = 10, .filter = &filter}, false, out);
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found.value().count, 4U);
  for (uint32_t i = 0; i < 4; ++i) EXPECT_TRUE(filter.passes(out[i].slot));
}

// Searches, beside a thread that sets and removes: what stays is always found, what was removed
// before a search began never is.
TEST_F(KnnSearchEngineTest, SearchesBesideChanges) {
  constexpr uint32_t kSteady = 200;
  for (uint32_t slot = 0; slot < kSteady; ++slot) add(slot, slot + 1);
  std::vector<std::atomic<bool>> gone(1000);
  std::atomic<bool> stop{false};
  std::atomic<uint32_t> wrong{0};
  std::atomic<uint32_t> searches{0};
  std::vector<std::thread> threads;
  for (uint32_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      for (uint32_t seed = t + 1; !stop; seed = seed % kSteady + 1) {
        std::set<uint32_t> removed_before;
        for (uint32_t slot = kSteady; slot < 1000; ++slot) {
          if (gone[slot]) removed_before.insert(slot);
        }
        const std::vector<uint32_t> found = nearest(seed, 20, seed % 2 == 0);
        ++searches;
        if (found.empty() || found.front() != seed - 1) ++wrong;
        for (const uint32_t slot : found) wrong += removed_before.contains(slot) ? 1 : 0;
      }
    });
  }
  for (uint32_t slot = kSteady; slot < 1000; ++slot) {
    add(slot, slot + 1);
    if (slot < kSteady + 50) continue;
    remove(slot - 50);
    gone[slot - 50] = true;
  }
  settle();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(searches, 0U);
}

TEST_F(KnnSearchEngineTest, AFullBufferWaitsForTheWriter) {
  EXPECT_TRUE(knn_->has_room(limits::kPendingSlotsMax));
  add(0, 1);
  EXPECT_FALSE(knn_->has_room(limits::kPendingSlotsMax));
  knn_->wait_for_room(limits::kPendingSlotsMax);
  EXPECT_TRUE(knn_->has_room(limits::kPendingSlotsMax));
  knn_->stop();
  add(1, 2);
  knn_->wait_for_room(limits::kPendingSlotsMax);  // Returns: nobody will make room any more.
  EXPECT_TRUE(finds(1, 2));
}

}  // namespace
}  // namespace vexfs::engine
