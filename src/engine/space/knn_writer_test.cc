// What the writer lets go, and what a checkpoint and a replay bring back.
#include <gtest/gtest.h>

#include <optional>
#include <thread>

#include "engine/space/testing/knn_fixture.h"

namespace vexfs::engine {
namespace {

class KnnWriterTest : public KnnFixture {
 protected:
  // As after a crash or an unmount: the newest checkpoint, and what the catalog knows.
  void open_again(const std::vector<Slot>& freed, const std::vector<Slot>& set, uint32_t slots_end,
                  ChangeNumber last_change) {
    knn_.reset();
    {
      const MutexLock lock(mutex_);
      let_go_.clear();
    }
    open({freed, set, slots_end}, last_change);
  }
};

TEST_F(KnnWriterTest, LetsGoOnlyWhenNoSearchHoldsIt) {
  add(1, 11);
  settle();
  std::optional<SearchEpochs::Entered> held = knn_->hold();
  remove(1);
  EXPECT_FALSE(knn_->settle(200));
  EXPECT_TRUE(let_go().empty());
  held.reset();
  settle();
  EXPECT_EQ(let_go(), std::set<uint32_t>{1});
}

TEST_F(KnnWriterTest, LinksByItselfHoweverFewThereAre) {
  const auto linked = [&](uint32_t count) {
    while (knn_->statistics().linked != count || knn_->statistics().pending != 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  };
  std::this_thread::sleep_for(std::chrono::milliseconds(5));  // The writer rests by now, or not.
  add(0, 1);
  EXPECT_TRUE(linked(1));
  add(1, 2);
  remove(0);
  EXPECT_TRUE(linked(1));
}

TEST_F(KnnWriterTest, ACheckpointBringsTheGraphBack) {
  for (uint32_t slot = 0; slot < 300; ++slot) add(slot, slot + 1);
  settle();
  ASSERT_TRUE(knn_->checkpoint().ok());
  EXPECT_EQ(made_durable_, 1);
  EXPECT_EQ(knn_->statistics().checkpoint, 300U);
  ASSERT_TRUE(knn_->checkpoint().ok());
  EXPECT_EQ(made_durable_, 1) << "nothing changed since";
  open_again({}, {}, 300, 300);
  EXPECT_EQ(knn_->checkpoint_change(), 300U);
  EXPECT_EQ(all(false).size(), 300U);
  for (uint32_t slot = 0; slot < 300; slot += 7) EXPECT_TRUE(finds(slot, slot + 1));
}

TEST_F(KnnWriterTest, NothingIsLostWithoutACheckpoint) {
  add(0, 1);
  add(1, 2);
  open_again({}, {Slot{0}, Slot{1}}, 2, 2);
  EXPECT_EQ(knn_->checkpoint_change(), 0U);
  EXPECT_TRUE(finds(0, 1));
  EXPECT_TRUE(finds(1, 2));
  settle();
  EXPECT_EQ(knn_->statistics().linked, 2U);
}

TEST_F(KnnWriterTest, ReplayOfWhatTheCheckpointLacks) {
  for (uint32_t slot = 0; slot < 100; ++slot) add(slot, slot + 1);
  settle();
  ASSERT_TRUE(knn_->checkpoint().ok());
  // Since then: 5 was removed; 6 removed and taken by another passage; 100 is new; the end, from
  // 98 on, was given up and 98 taken again.
  write(6, 1006);
  write(100, 1100);
  write(98, 1098);
  open_again({Slot{5}}, {Slot{6}, Slot{98}, Slot{100}}, 101, 120);
  const auto check = [&] {
    EXPECT_EQ(all(false), all(true));
    EXPECT_EQ(all(true).size(), 100U);  // 0..98 but 5, and 99, 100.
    EXPECT_FALSE(all(true).contains(5));
    EXPECT_TRUE(finds(6, 1006));
    EXPECT_TRUE(finds(100, 1100));
    EXPECT_TRUE(finds(98, 1098));
  };
  check();
  settle();
  check();
  EXPECT_EQ(let_go(), std::set<uint32_t>{5}) << "6 and 98 belong to passages";
}

TEST_F(KnnWriterTest, SlotsPastTheEndAreGone) {
  for (uint32_t slot = 0; slot < 10; ++slot) add(slot, slot + 1);
  settle();
  ASSERT_TRUE(knn_->checkpoint().ok());
  open_again({}, {}, 7, 20);
  EXPECT_EQ(all(false).size(), 7U);
  settle();
  EXPECT_EQ(let_go(), (std::set<uint32_t>{7, 8, 9}));
}

TEST_F(KnnWriterTest, ACheckpointHoldsWhatIsLinkedOnly) {
  for (uint32_t slot = 0; slot < 50; ++slot) add(slot, slot + 1);
  settle();
  const std::optional<SearchEpochs::Entered> held = knn_->hold();
  remove(3);  // Change 51; the graph lets it go, the checkpoint does not know yet.
  EXPECT_FALSE(knn_->settle(100));
  add(50, 51);
  ASSERT_TRUE(knn_->checkpoint().ok());
  EXPECT_EQ(knn_->statistics().checkpoint, 50U);
}

TEST_F(KnnWriterTest, ACheckpointNewerThanTheCatalogIsNotUsed) {
  for (uint32_t slot = 0; slot < 10; ++slot) add(slot, slot + 1);
  settle();
  ASSERT_TRUE(knn_->checkpoint().ok());
  open_again({}, {Slot{0}, Slot{1}}, 2, 2);
  EXPECT_EQ(all(true), (std::set<uint32_t>{0, 1}));
  EXPECT_EQ(all(false), (std::set<uint32_t>{0, 1}));
}

TEST_F(KnnWriterTest, MoreThanTheBufferHoldsIsFoundAtOnce) {
  const uint32_t count = limits::kPendingSlotsMax + 100;
  std::vector<Slot> set;
  for (uint32_t slot = 0; slot < count; ++slot) {
    write(slot, slot + 1);
    set.push_back(Slot{slot});
  }
  open_again({}, set, count, count);
  EXPECT_GT(knn_->statistics().pending, 0U);
  for (uint32_t slot = 0; slot < count; slot += 5000) EXPECT_TRUE(finds(slot, slot + 1));
  remove(5);
  remove(count - 1);
  add(count, count + 1);
  EXPECT_TRUE(finds(count, count + 1));
  EXPECT_FALSE(finds(count - 1, count));
  ASSERT_TRUE(knn_->checkpoint().ok());
  knn_->stop();  // In the midst of linking.
  EXPECT_TRUE(finds(count, count + 1));
}

TEST_F(KnnWriterTest, ChecksItself) {
  for (uint32_t slot = 0; slot < 200; ++slot) add(slot, slot + 1);
  settle();
  EXPECT_LT(knn_->statistics().self_check_recall, 0);
  knn_->self_check();
  EXPECT_GE(knn_->statistics().self_check_recall, 0.95F);
}

}  // namespace
}  // namespace vexfs::engine
