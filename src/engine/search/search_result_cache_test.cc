// Tests of SearchResultCache: what makes a key, and that stamps and bounds hold.
#include "engine/search/search_result_cache.h"

#include <gtest/gtest.h>

#include <set>

namespace vexfs::engine {
namespace {

class SearchResultCacheTest : public testing::Test {
 protected:
  std::string key() const {
    return SearchResultCache::key(query_, like_, space_, asked_, scope_, caller_);
  }

  std::vector<gid_t> groups_ = {7};
  Query query_;
  ObjectId like_ = kNoObject;
  store::SpaceId space_{1};
  DirectoryIndex asked_{0};
  DirectoryIndex scope_{0};
  tree::Credentials caller_{1000, 1000, groups_};
};

TEST_F(SearchResultCacheTest, EveryPartCounts) {
  query_.vector = {1, 2};
  std::set<std::string> keys = {key()};
  const auto differs = [&] { return keys.insert(key()).second; };
  EXPECT_FALSE(differs());
  query_.vector[1] = 3;
  EXPECT_TRUE(differs());
  query_.k = 11;
  EXPECT_TRUE(differs());
  query_.ef = 100;
  EXPECT_TRUE(differs());
  query_.exact = true;
  EXPECT_TRUE(differs());
  query_.types = {"ab", "c"};
  EXPECT_TRUE(differs());
  query_.types = {"a", "bc"};
  EXPECT_TRUE(differs());
  like_ = ObjectId{5};
  EXPECT_TRUE(differs());
  space_ = store::SpaceId{2};
  EXPECT_TRUE(differs());
  asked_ = DirectoryIndex{3};
  EXPECT_TRUE(differs());
  scope_ = DirectoryIndex{4};
  EXPECT_TRUE(differs());
  caller_.uid = 1001;
  EXPECT_TRUE(differs());
  groups_[0] = 8;
  EXPECT_TRUE(differs());
  query_.text = "text";
  EXPECT_TRUE(differs());
  query_.mode = QueryMode::kLexical;
  EXPECT_TRUE(differs());
  query_.fusion.kind = FusionOptions::Kind::kReciprocalRank;
  EXPECT_TRUE(differs());
  query_.fusion.semantic_weight = 1;
  EXPECT_TRUE(differs());
  query_.fusion.path_weight = 1;
  EXPECT_TRUE(differs());
  query_.fusion.recency_days = 1;
  EXPECT_TRUE(differs());
  query_.fold_duplicates = false;
  EXPECT_TRUE(differs());
}

TEST_F(SearchResultCacheTest, AResultGoesWithItsStamp) {
  SearchResultCache cache;
  CachedResult result;
  result.passages.emplace_back().path = "a";
  cache.put("key", {1, 1, 0}, result);
  const auto found = cache.find("key", {1, 1, 0});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->passages[0].path, "a");
  EXPECT_EQ(cache.find("key", {2, 1, 0}), nullptr);
  EXPECT_EQ(cache.find("key", {1, 2, 0}), nullptr);
  EXPECT_EQ(cache.find("key", {1, 1, 1}), nullptr);
  EXPECT_EQ(cache.find("key", {1, 1, 0, 1}), nullptr);
}

TEST_F(SearchResultCacheTest, IsBounded) {
  SearchResultCache cache;
  CachedResult result;
  result.passages.resize(20);
  for (ScoredPassage& passage : result.passages) passage.path = std::string(1000, 'x');
  for (size_t i = 0; i < 2 * limits::kCachedResultsMax; ++i) {
    cache.put(std::to_string(i), {}, result);
  }
  EXPECT_LE(cache.size(), limits::kCachedResultsMax);
  EXPECT_LE(cache.bytes(), limits::kCachedResultBytesMax);
  EXPECT_GT(cache.bytes(), limits::kCachedResultBytesMax / 2);
}

}  // namespace
}  // namespace vexfs::engine
