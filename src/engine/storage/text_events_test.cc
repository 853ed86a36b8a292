// Two listeners come and go; both hear of renamed objects.
#include "engine/storage/text_events.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/mutex.h"

namespace vexfs::engine {
namespace {

class NotedEvents final : public TextEvents {
 public:
  void renamed(store::ObjectId object) override { renamed_.push_back(object); }
  void let_go(store::SpaceId, std::span<const Slot>) override {}
  std::vector<store::ObjectId> renamed_;
};

class TextListenersTest : public testing::Test {
 protected:
  Mutex& mutex() RETURN_CAPABILITY(storage_mutex) { return mutex_; }
  TextListeners listeners_;

 private:
  Mutex mutex_;
};

TEST_F(TextListenersTest, BothHearUntilTheyGo) {
  const auto first = std::make_shared<NotedEvents>();
  const auto second = std::make_shared<NotedEvents>();
  const MutexLock lock(mutex());
  listeners_.renamed(store::ObjectId{1});  // Nobody listens.
  EXPECT_TRUE(listeners_.add(first));
  EXPECT_TRUE(listeners_.add(second));
  listeners_.renamed(store::ObjectId{2});
  EXPECT_EQ(listeners_.remove(first.get()), first);
  listeners_.renamed(store::ObjectId{3});
  EXPECT_EQ(first->renamed_, (std::vector{store::ObjectId{2}}));
  EXPECT_EQ(second->renamed_, (std::vector{store::ObjectId{2}, store::ObjectId{3}}));
}

TEST_F(TextListenersTest, AThirdFindsNoPlaceUntilOneIsFree) {
  const auto first = std::make_shared<NotedEvents>();
  const auto third = std::make_shared<NotedEvents>();
  const MutexLock lock(mutex());
  EXPECT_EQ(listeners_.remove(first.get()), nullptr);
  EXPECT_TRUE(listeners_.add(first));
  EXPECT_TRUE(listeners_.add(std::make_shared<NotedEvents>()));
  EXPECT_FALSE(listeners_.add(third));
  EXPECT_EQ(listeners_.remove(first.get()), first);
  EXPECT_TRUE(listeners_.add(third));
  EXPECT_EQ(listeners_.all().at(0), third);
}

}  // namespace
}  // namespace vexfs::engine
