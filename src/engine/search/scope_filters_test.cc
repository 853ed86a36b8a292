// Tests of ScopeFilters: what is in a filter, when none is needed, and when it is made anew.
#include "engine/search/scope_filters.h"

#include <gtest/gtest.h>

#include <array>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

class ScopeFiltersTest : public testing::Test {
 protected:
  ScopeFiltersTest()
      : visible_(world_.source(), world_.storage()), filters_(world_.storage(), visible_) {
    world_.space("s", 1);
    world_.directory("a");
    world_.directory("a/b");
    world_.directory("private", 0700, SearchWorld::kAlice);
    world_.file("top", {0});
    world_.file("a/1", {1});
    world_.file("a/b/2", {2, 2.5});
    world_.file("private/3", {3});
    space_ = world_.storage().open_space("s").value();
  }

  std::shared_ptr<const ScopeFilter> filter(const std::string& directory,
                                            const tree::Credentials& caller,
                                            std::span<const std::string> types = {}) {
    const ObjectKey key = world_.key(directory);
    DirectoryIndex scope = kNoDirectory;
    scope = world_.storage().find_directory(key);
    const auto found = filters_.get(space_, scope, caller, types, stamp());
    EXPECT_TRUE(found.ok());
    return found.value();
  }
  SearchStamp stamp() const { return {world_.storage().generation(), permissions_, 0}; }

  mutable SearchWorld world_;
  VisibleDirectories visible_;
  ScopeFilters filters_;
  VectorStorageManager::OpenSpace space_;
  uint64_t permissions_ = 0;
};

TEST_F(ScopeFiltersTest, WhoSeesAllOfTheSourceNeedsNone) {
  EXPECT_EQ(filter("", SearchWorld::root())->slots, nullptr);
  EXPECT_EQ(filter("", SearchWorld::root())->directories(), nullptr);
  EXPECT_EQ(filters_.built(), 0u);
  EXPECT_EQ(filters_.slots_of(space_, *filter("", SearchWorld::root())).value()->matches(), 5u);
}

TEST_F(ScopeFiltersTest, HasTheSlotsOfVisibleDirectoriesInTheScope) {
  EXPECT_EQ(filter("", SearchWorld::bob())->slots->matches(), 4u);
  EXPECT_EQ(filter("", SearchWorld::alice())->slots, nullptr);
  EXPECT_EQ(filter("a", SearchWorld::root())->slots->matches(), 3u);
  EXPECT_EQ(filter("a", SearchWorld::bob())->slots->matches(), 3u);
  EXPECT_EQ(filter("a/b", SearchWorld::bob())->slots->matches(), 2u);
  EXPECT_EQ(filter("private", SearchWorld::bob())->slots->matches(), 0u);
  EXPECT_EQ(filter("private", SearchWorld::alice())->slots->matches(), 1u);
}

TEST_F(ScopeFiltersTest, IsKeptUntilSomethingChanges) {
  const auto first = filter("a", SearchWorld::bob());
  EXPECT_EQ(filter("a", SearchWorld::bob()), first);
  const std::array<std::string, 1> types = {"md"};
  EXPECT_NE(filter("a", SearchWorld::bob(), types), first);
  EXPECT_NE(filter("a", SearchWorld::alice()), first);
  ++permissions_;
  EXPECT_NE(filter("a", SearchWorld::bob()), first);
  world_.file("a/new", {4});
  EXPECT_EQ(filter("a", SearchWorld::bob())->slots->matches(), 4u);
}

TEST_F(ScopeFiltersTest, LearnsWhatWasRefused) {
  const auto first = filter("a", SearchWorld::bob());
  auto slots = std::make_shared<SlotBitmap>(*first->slots);
  auto learned = std::make_shared<ScopeFilter>(*first);
  learned->slots = std::make_shared<SlotBitmap>();
  DirectoryIndex scope = kNoDirectory;
  const ObjectKey key = world_.key("a");
  scope = world_.storage().find_directory(key);
  filters_.learn(space_, scope, SearchWorld::bob(), {}, stamp(), learned);
  EXPECT_EQ(filter("a", SearchWorld::bob())->slots->matches(), 0u);
  ++permissions_;
  EXPECT_EQ(filter("a", SearchWorld::bob())->slots->matches(), 3u);
}

}  // namespace
}  // namespace vexfs::engine
