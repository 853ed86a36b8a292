// Which objects are orphans, and when they are looked at.
#include "engine/storage/orphans.h"

#include <gtest/gtest.h>

#include "base/mutex.h"

namespace vexfs::engine {
namespace {

using std::chrono::milliseconds;
using store::ObjectId;

class OrphansTest : public testing::Test {
 protected:
  Mutex& mutex() RETURN_CAPABILITY(storage_mutex) { return mutex_; }

  Orphans orphans_;
  const Orphans::Clock::time_point start_{std::chrono::hours(1)};

 private:
  Mutex mutex_;
};

TEST_F(OrphansTest, ThereAreNone) {
  const MutexLock lock(mutex());
  EXPECT_EQ(orphans_.left(), 0U);
  EXPECT_EQ(orphans_.due(), Orphans::Clock::time_point::max());
  EXPECT_FALSE(orphans_.take_due(start_));
  EXPECT_FALSE(orphans_.remove(ObjectId{7}));
}

TEST_F(OrphansTest, ANewOneIsLookedAtAtOnceAndThenLessAndLess) {
  const MutexLock lock(mutex());
  EXPECT_TRUE(orphans_.add(ObjectId{7}, start_));
  EXPECT_TRUE(orphans_.contains(ObjectId{7}));
  auto now = start_;
  ASSERT_TRUE(orphans_.take_due(now));
  for (milliseconds delay = Orphans::kDelayMin; delay < Orphans::kDelayMax; delay *= 2) {
    EXPECT_EQ(orphans_.due(), now + delay);
    EXPECT_FALSE(orphans_.take_due(now + delay - milliseconds(1)));
    now += delay;
    ASSERT_TRUE(orphans_.take_due(now));
  }
  EXPECT_EQ(orphans_.due(), now + Orphans::kDelayMax);
  EXPECT_FALSE(orphans_.add(ObjectId{7}, now)) << "it is one already";
  EXPECT_EQ(orphans_.due(), now + Orphans::kDelayMax);
  EXPECT_TRUE(orphans_.add(ObjectId{8}, now)) << "a new one begins anew";
  EXPECT_TRUE(orphans_.take_due(now));
  EXPECT_EQ(orphans_.due(), now + Orphans::kDelayMin);
}

TEST_F(OrphansTest, OneThatHasANameAgainIsNone) {
  const MutexLock lock(mutex());
  EXPECT_TRUE(orphans_.add(ObjectId{7}, start_));
  EXPECT_TRUE(orphans_.remove(ObjectId{7}));
  EXPECT_FALSE(orphans_.contains(ObjectId{7}));
  EXPECT_FALSE(orphans_.take_due(start_));
}

TEST_F(OrphansTest, UnknownOnesCountUntilAllWereLookedAt) {
  const MutexLock lock(mutex());
  orphans_.set_unknown(start_);
  EXPECT_EQ(orphans_.size(), 0U);
  EXPECT_EQ(orphans_.left(), 1U);
  EXPECT_EQ(orphans_.due(), start_);
  EXPECT_TRUE(orphans_.add(ObjectId{7}, start_));
  orphans_.clear();
  EXPECT_EQ(orphans_.left(), 1U);
  orphans_.set_known();
  EXPECT_EQ(orphans_.left(), 0U);
}

}  // namespace
}  // namespace vexfs::engine
