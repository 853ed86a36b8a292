// Tests of PermittedSearch: it asks on until it has k files, and learns from refusals.
#include "engine/search/permitted_search.h"

#include <gtest/gtest.h>

#include <array>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

constexpr std::array<float, 1> kOrigin = {0};

class PermittedSearchTest : public testing::Test {
 protected:
  PermittedSearchTest()
      : visible_(world_.source(), world_.storage()),
        filters_(world_.storage(), visible_),
        resolver_(world_.source(), world_.storage()) {
    world_.space("s", 1);
    space_ = world_.storage().open_space("s").value();
  }

  // Makes files with these rights, each farther from the origin than the one before.
  void files(int from, int count, mode_t mode, const std::string& ending = "") {
    for (int i = from; i < from + count; ++i) {
      world_.file(std::to_string(i) + ending, {static_cast<float>(i)}, mode);
    }
  }
  // Searches as `caller` and returns the number of rounds. The paths of the hits are in paths_.
  uint32_t rounds(const tree::Credentials& caller, Query query) {
    query.vector.assign(kOrigin.begin(), kOrigin.end());
    HitScope scope;
    scope.caller = &caller;
    scope.directory = world_.fd();
    scope.asked = kRootDirectory;
    scope.types = query.types;
    const SearchStamp stamp{world_.storage().generation(), 0, 0};
    const auto filter = filters_.get(space_, kRootDirectory, caller, query.types, stamp).value();
    scope.directories = filter->directories();
    PermittedSearch search({resolver_, filters_, world_.storage(), space_, scope, query}, filter);
    AskedVector vector;
    vector.data = kOrigin.data();
    EXPECT_TRUE(search.run(vector).ok());
    paths_.clear();
    for (const ScoredPassage& passage : search.passages()) paths_.push_back(passage.path);
    if (const auto learned = search.learned().value(); learned != nullptr) {
      filters_.learn(space_, kRootDirectory, caller, query.types, stamp, learned);
    }
    return search.rounds();
  }
  static Query of(uint32_t k, std::vector<std::string> types = {}) {
    Query query;
    query.k = k;
    query.types = std::move(types);
    return query;
  }

  SearchWorld world_;
  VisibleDirectories visible_;
  ScopeFilters filters_;
  HitResolver resolver_;
  VectorStorageManager::OpenSpace space_;
  std::vector<std::string> paths_;
};

TEST_F(PermittedSearchTest, OneRoundWhereAllIsWell) {
  files(0, 50, 0644);
  EXPECT_EQ(rounds(SearchWorld::bob(), of(10)), 1u);
  EXPECT_EQ(paths_.size(), 10u);
  EXPECT_EQ(paths_.front(), "0");
  EXPECT_EQ(paths_.back(), "9");
}

TEST_F(PermittedSearchTest, AsksOnBehindManyRefusalsAndLearns) {
  files(0, 1200, 0600);  // These are more than one search may return.
  files(2000, 20, 0644);
  EXPECT_GT(rounds(SearchWorld::bob(), of(10)), 4u);
  ASSERT_EQ(paths_.size(), 10u);
  EXPECT_EQ(paths_.front(), "2000");
  EXPECT_EQ(rounds(SearchWorld::bob(), of(10)), 1u);  // The filter knows them now.
  ASSERT_EQ(paths_.size(), 10u);
  EXPECT_EQ(rounds(SearchWorld::root(), of(10)), 1u);
  EXPECT_EQ(paths_.front(), "0");
}

TEST_F(PermittedSearchTest, EndsWithAllThereAre) {
  files(0, 30, 0600);
  files(100, 3, 0644);
  (void)rounds(SearchWorld::bob(), of(10));
  EXPECT_EQ(paths_, (std::vector<std::string>{"100", "101", "102"}));
  (void)rounds(SearchWorld::bob(), of(1000));
  EXPECT_EQ(paths_.size(), 3u);
  (void)rounds(SearchWorld::root(), of(1000));
  EXPECT_EQ(paths_.size(), 33u);
}

TEST_F(PermittedSearchTest, ARareTypeIsSoughtByName) {
  files(0, 1500, 0644, ".txt");
  files(5000, 2, 0644, ".md");
  const Query query = of(10, {"md"});
  EXPECT_GT(rounds(SearchWorld::root(), query), 3u);
  EXPECT_EQ(paths_, (std::vector<std::string>{"5000.md", "5001.md"}));
  EXPECT_LE(rounds(SearchWorld::root(), query), 2u);
  EXPECT_EQ(paths_, (std::vector<std::string>{"5000.md", "5001.md"}));
}

TEST_F(PermittedSearchTest, NothingIsFoundInNothing) {
  (void)rounds(SearchWorld::root(), of(10));
  EXPECT_TRUE(paths_.empty());
  files(0, 5, 0600);
  (void)rounds(SearchWorld::bob(), of(10));
  EXPECT_TRUE(paths_.empty());
}

}  // namespace
}  // namespace vexfs::engine
