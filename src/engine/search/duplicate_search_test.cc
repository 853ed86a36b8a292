// Tests of DuplicateSearch: groups, their distances, and that no group is linked through a file
// that the caller may not read.
#include "engine/search/duplicate_search.h"

#include <gtest/gtest.h>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

class DuplicateSearchTest : public testing::Test {
 protected:
  DuplicateSearchTest() { world_.space("s", 1); }

  std::string groups(const tree::Credentials& caller, float distance,
                     const std::string& path = "") {
    const auto result = world_.engine().duplicates(caller, world_.key(""), path, "", distance);
    if (!result.ok()) return result.failure().message;
    EXPECT_TRUE(result.value().complete);
    std::string text;
    for (const DuplicateGroup& group : result.value().groups) {
      text += "[" + std::to_string(group.distance).substr(0, 4);
      for (const std::string& file : group.paths) text += " " + file;
      text += "]";
    }
    return text;
  }

  SearchWorld world_;
};

TEST_F(DuplicateSearchTest, GroupsFilesThatAreNear) {
  world_.directory("d");
  world_.file("a", {0});
  world_.file("b", {0.5});
  world_.file("c", {1});  // It is near to b, but not to a.
  world_.file("d/x", {10});
  world_.file("d/y", {10});
  world_.file("far", {100});
  EXPECT_EQ(groups(SearchWorld::root(), 0.5), "[0.00 d/x d/y][0.25 a b c]");
  EXPECT_EQ(groups(SearchWorld::root(), 0), "[0.00 d/x d/y]");
  EXPECT_EQ(groups(SearchWorld::root(), -1), "");
  EXPECT_EQ(groups(SearchWorld::root(), 0.5, "d"), "[0.00 d/x d/y]");
}

TEST_F(DuplicateSearchTest, VectorsOfOneFileAreNoDuplicates) {
  world_.file("a", {0, 0, 0});
  world_.file("b", {5, 9});
  EXPECT_EQ(groups(SearchWorld::root(), 1), "");
  world_.file("c", {9.5});
  EXPECT_EQ(groups(SearchWorld::root(), 1), "[0.25 b c]");
}

TEST_F(DuplicateSearchTest, NoneIsLinkedThroughWhatTheCallerMayNotRead) {
  world_.file("a", {0});
  world_.file("b", {0.5}, 0600);
  world_.file("c", {1});
  world_.file("d", {1});
  EXPECT_EQ(groups(SearchWorld::root(), 0.5), "[0.25 a b c d]");
  EXPECT_EQ(groups(SearchWorld::bob(), 0.5), "[0.00 c d]");
}

TEST_F(DuplicateSearchTest, ManyEqualFilesAreOneGroup) {
  std::string wanted = "[0.00";
  for (int i = 100; i < 300; ++i) {
    world_.file(std::to_string(i), {1});
    wanted += " " + std::to_string(i);
  }
  EXPECT_EQ(groups(SearchWorld::bob(), 0.1F), wanted + "]");
}

}  // namespace
}  // namespace vexfs::engine
