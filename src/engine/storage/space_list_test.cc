// Spaces are found by name and id, and end when nobody uses them.
#include "engine/storage/space_list.h"

#include <gtest/gtest.h>

#include <thread>

namespace vexfs::engine {
namespace {

store::Space named(const char* name, uint32_t id) {
  store::Space row;
  row.id = store::SpaceId{id};
  row.name = name;
  return row;
}

class SpaceListTest : public testing::Test {
 protected:
  Mutex& mutex() RETURN_CAPABILITY(storage_mutex) { return mutex_; }

  void SetUp() override {
    const MutexLock lock(mutex());
    spaces_.add(named("a", 1));
    spaces_.add(named("b", 2));
  }
  void set_phase(SpaceState::Phase phase) {
    const MutexLock lock(mutex());
    spaces_.find("a")->phase = phase;
    spaces_.notify_phase();
  }

  SpaceList spaces_;

 private:
  Mutex mutex_;
};

TEST_F(SpaceListTest, Finds) {
  const MutexLock lock(mutex());
  EXPECT_EQ(spaces_.size(), 2U);
  EXPECT_EQ(spaces_.find("b")->id(), store::SpaceId{2});
  EXPECT_EQ(spaces_.find(store::SpaceId{1})->row.name, "a");
  EXPECT_EQ(spaces_.find("c"), nullptr);
  EXPECT_EQ(spaces_.find(store::SpaceId{3}), nullptr);
}

TEST_F(SpaceListTest, ADroppedOneIsKeptWhileItIsUsed) {
  const MutexLock lock(mutex());
  SpacePointer used = spaces_.find("a");
  spaces_.drop(used);
  EXPECT_FALSE(used->current);
  EXPECT_EQ(spaces_.find("a"), nullptr);
  EXPECT_TRUE(spaces_.has_dropped());
  EXPECT_TRUE(spaces_.take_unused().empty());
  used.reset();
  EXPECT_EQ(spaces_.take_unused().size(), 1U);
  EXPECT_FALSE(spaces_.has_dropped());
  EXPECT_EQ(spaces_.size(), 1U);
}

TEST_F(SpaceListTest, ReplacedOnesAreNotCurrent) {
  const MutexLock lock(mutex());
  const std::vector<SpacePointer> old = spaces_.replace({named("a", 3)});
  ASSERT_EQ(old.size(), 2U);
  EXPECT_FALSE(old[0]->current);
  EXPECT_EQ(spaces_.size(), 1U);
  EXPECT_EQ(spaces_.find("a")->id(), store::SpaceId{3});
  EXPECT_TRUE(spaces_.find("a")->current);
}

TEST_F(SpaceListTest, WaitersSeeItOpen) {
  set_phase(SpaceState::Phase::kOpening);
  std::thread waits_for_one([this] {
    MutexLock lock(mutex());
    const SpacePointer space = spaces_.find("a");
    spaces_.wait_while_opening(*space, lock);
    EXPECT_TRUE(space->is_open());
  });
  std::thread waits_for_all([this] {
    MutexLock lock(mutex());
    spaces_.wait_while_opening_any(lock);
    EXPECT_TRUE(spaces_.find("a")->is_open());
    EXPECT_FALSE(spaces_.is_opening_any());
  });
  {
    MutexLock lock(mutex());
    EXPECT_TRUE(spaces_.is_opening_any());
    spaces_.wait_for_phase(lock, std::chrono::milliseconds(10));
    EXPECT_TRUE(spaces_.is_opening_any()) << "nothing else opens it";
  }
  set_phase(SpaceState::Phase::kOpen);
  waits_for_one.join();
  waits_for_all.join();
}

}  // namespace
}  // namespace vexfs::engine
