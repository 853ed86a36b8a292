// Tests of filters by type: files by any of their names, in the directories of the filter.
#include "engine/search/type_filter.h"

#include <gtest/gtest.h>

#include <vector>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

TEST(TypeFilterTest, KeepsFilesWithANameOfTheType) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("d");
  for (int i = 0; i < 700; ++i) {
    world.file((i % 2 == 0 ? "d/" : "") + std::to_string(i) + (i % 7 == 0 ? ".MD" : ".txt"),
               {1, 2});
  }
  world.link("d/2.txt", "other.md");
  VisibleDirectories visible(world.source(), world.storage());
  ScopeFilters filters(world.storage(), visible);
  const auto space = world.storage().open_space("s").value();
  const SearchStamp stamp{world.storage().generation(), 0, 0, 0};
  const std::vector<std::string> types = {"md"};
  const auto caller = SearchWorld::root();
  const auto all = filters.get(space, kRootDirectory, caller, {}, stamp).value();
  const auto typed = with_types(world.storage(), filters, space, *all, types);
  ASSERT_TRUE(typed.ok());
  EXPECT_TRUE(typed.value()->typed);
  EXPECT_EQ(typed.value()->slots->matches(), 2 * 101U);

  DirectoryIndex d{};
  const ObjectKey key = world.key("d");
  d = world.storage().find_directory(key);
  const auto below = filters.get(space, d, caller, {}, stamp).value();
  EXPECT_EQ(with_types(world.storage(), filters, space, *below, types).value()->slots->matches(),
            2 * 50U);
}

}  // namespace
}  // namespace vexfs::engine
