// Freed slots lose their disk space when it is quiet and all is durable.
#include "engine/storage/hole_puncher.h"

#include "engine/storage/testing/parts_fixture.h"

namespace vexfs::engine {
namespace {

class HolePuncherTest : public PartsFixture {
 protected:
  void SetUp() override {
    PartsFixture::SetUp();
    puncher_.emplace(parts_->store, parts_->commit);
    for (uint32_t i = 0; i < 8; ++i) keys_.push_back(make("f" + std::to_string(i), i));
  }
  // Frees slots, until the graph has let go of them.
  void remove(uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; ++i) {
      ASSERT_TRUE(parts_->vectors.remove(keys_[i], "clip").ok());
    }
    ASSERT_TRUE(parts_->spaces.open_handle("clip").value().knn->settle(60'000));
  }
  Clock::time_point due() {
    const MutexLock lock(mutex());
    return puncher_->due();
  }
  uint32_t slots_end() {
    const MutexLock lock(mutex());
    return parts_->store.catalog->shrink(parts_->store.spaces.find("clip")->id(), 0).value();
  }

  std::optional<HolePuncher> puncher_;
  std::vector<ObjectKey> keys_;
};

TEST_F(HolePuncherTest, TheEndIsCutOffWhenItIsQuiet) {
  EXPECT_EQ(due(), Clock::time_point::max());
  remove(4, 8);
  ASSERT_TRUE(parts_->commit.flush().ok());
  const Clock::time_point when = due();
  ASSERT_NE(when, Clock::time_point::max());
  puncher_->run(when - std::chrono::milliseconds(1));
  EXPECT_EQ(slots_end(), 8U);
  puncher_->run(when);
  EXPECT_EQ(slots_end(), 4U);
  EXPECT_EQ(due(), Clock::time_point::max()) << "nothing is left to do";
  for (uint32_t i = 0; i < 4; ++i) EXPECT_TRUE(has(keys_[i], i));
}

TEST_F(HolePuncherTest, OnlyWhatIsDurablyFreeGoes) {
  remove(4, 8);
  puncher_->run(due());
  EXPECT_EQ(slots_end(), 8U) << "a crash could bring the vectors back";
  ASSERT_TRUE(parts_->commit.flush().ok());
  puncher_->run(due());
  EXPECT_EQ(slots_end(), 4U);
}

TEST_F(HolePuncherTest, AHoleKeepsTheOthers) {
  remove(2, 5);
  ASSERT_TRUE(parts_->commit.flush().ok());
  puncher_->run(due());
  EXPECT_EQ(slots_end(), 8U);
  EXPECT_EQ(due(), Clock::time_point::max());
  for (const uint32_t i : {0U, 1U, 5U, 6U, 7U}) EXPECT_TRUE(has(keys_[i], i));
  EXPECT_EQ(count_found(), 5U);
  ASSERT_TRUE(set(keys_[2], 99).ok()) << "the slot serves again";
  EXPECT_TRUE(has(keys_[2], 99));
}

}  // namespace
}  // namespace vexfs::engine
