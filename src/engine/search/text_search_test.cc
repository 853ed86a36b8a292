// Tests of searches by text, from the query to hits: both halves, ranking, rights, duplicates.
#include "engine/search/text_search.h"

#include <gtest/gtest.h>

#include "engine/search/testing/text_world.h"

namespace vexfs::engine {
namespace {

class TextSearchTest : public testing::Test {
 protected:
  QueryResult search(const Query& query, const tree::Credentials& caller = SearchWorld::root(),
                     const std::string& directory = "") {
    return world_.search(caller, query, directory);
  }

  TextWorld world_;
};

TEST_F(TextSearchTest, FindsByMeaningAndByWords) {
  world_.document("soup.md", {"tomato soup", "boil the water"});
  world_.document("visa.md", {"renew a passport", "a visa for travel"});
  const QueryResult result = search(about("passport"));
  ASSERT_EQ(result.hits.size(), 2U);
  EXPECT_EQ(result.hits[0].path, "visa.md");
  EXPECT_EQ(result.hits[0].text, "renew a passport");
  EXPECT_EQ(result.hits[0].lexical, 1.0F);
  EXPECT_GT(result.hits[0].semantic.value(), 0);
  EXPECT_EQ(result.hits[1].path, "soup.md");
  EXPECT_FALSE(result.hits[1].lexical.has_value());
  EXPECT_GT(result.hits[0].score, result.hits[1].score);
  EXPECT_TRUE(result.complete);
  EXPECT_FALSE(result.cached);
  EXPECT_TRUE(search(about("passport")).cached);
  EXPECT_EQ(search(about("passport")).hits[0].text, "renew a passport");
}

TEST_F(TextSearchTest, ModesAskOneHalf) {
  world_.document("a", {"alpha beta"});
  world_.document("b", {"gamma"});
  const QueryResult words = search(about("beta", QueryMode::kLexical));
  EXPECT_EQ(paths_of(words), "a");
  EXPECT_EQ(words.hits[0].score, 1);
  EXPECT_FALSE(words.hits[0].semantic.has_value());
  EXPECT_TRUE(search(about("delta", QueryMode::kLexical)).hits.empty());
  const QueryResult meaning = search(about("gamma", QueryMode::kSemantic));
  EXPECT_EQ(meaning.hits[0].path, "b");
  EXPECT_NEAR(meaning.hits[0].score, 1, 1e-3);
  EXPECT_EQ(meaning.hits[0].semantic, meaning.hits[0].score);
  EXPECT_FALSE(meaning.hits[0].lexical.has_value());
}

TEST_F(TextSearchTest, FollowsFilters) {
  world_.directory("d");
  world_.document("d/a.md", {"alpha"});
  world_.document("d/b.txt", {"alpha"});
  world_.document("c.md", {"alpha"});
  Query query = about("alpha");
  query.fold_duplicates = false;
  EXPECT_EQ(paths_of(search(query)), "c.md d/a.md d/b.txt");
  EXPECT_EQ(paths_of(search(query, SearchWorld::bob(), "d")), "a.md b.txt");
  query.path = "d";
  query.types = {"md"};
  EXPECT_EQ(paths_of(search(query)), "d/a.md");
  query.types = {};
  query.path = {};
  query.after = 4'000'000'000;
  EXPECT_EQ(paths_of(search(query)), "");
}

// Far more passages of other types are better than one round asks for.
TEST_F(TextSearchTest, ARareTypeIsFound) {
  for (int i = 0; i < 300; ++i) {
    world_.document("n" + std::to_string(i) + ".txt", {"alpha alpha"});
  }
  world_.document("x.md", {"alpha beta gamma delta"});
  Query query = about("alpha", QueryMode::kHybrid, 3);
  query.types = {"md"};
  EXPECT_EQ(paths_of(search(query)), "x.md");
  EXPECT_EQ(paths_of(search(query, SearchWorld::bob())), "x.md");
}

TEST_F(TextSearchTest, FoldsWhatSaysTheSame) {
  for (int i = 0; i < 40; ++i) world_.document("copy" + std::to_string(i), {"alpha beta"});
  world_.document("other", {"alpha gamma delta epsilon"});
  world_.document("hidden", {"alpha beta"}, 0600);
  const QueryResult result = search(about("alpha beta", QueryMode::kHybrid, 2));
  ASSERT_EQ(paths_of(result), "copy0 other");
  EXPECT_EQ(result.hits[0].duplicates, 40U);
  EXPECT_EQ(result.hits[1].duplicates, 0U);
  EXPECT_EQ(search(about("alpha beta"), SearchWorld::bob()).hits[0].duplicates, 39U);
  Query query = about("alpha beta", QueryMode::kHybrid, 5);
  query.fold_duplicates = false;
  EXPECT_EQ(search(query).hits.size(), 5U);
  EXPECT_EQ(search(query).hits[1].duplicates, 0U);
}

TEST_F(TextSearchTest, RanksByRanks) {
  world_.document("both", {"alpha beta"});
  world_.document("meaning", {"alpha"});
  world_.document("none", {"zeta eta theta"});
  Query query = about("alpha beta");
  query.fusion.kind = FusionOptions::Kind::kReciprocalRank;
  const QueryResult result = search(query);
  ASSERT_GE(result.hits.size(), 2U);
  EXPECT_EQ(result.hits[0].path, "both");
  EXPECT_EQ(result.hits[0].score, 1);
  EXPECT_EQ(result.hits[1].path, "meaning");
  EXPECT_LT(result.hits[1].score, 1);
}

TEST_F(TextSearchTest, PathsAndAgeCountWhereTheyAreAsked) {
  world_.document("notes.md", {"alpha beta"});
  world_.document("alpha.md", {"alpha gamma delta beta"});
  Query query = about("alpha beta");
  query.fold_duplicates = false;
  EXPECT_EQ(search(query).hits[0].path, "notes.md");
  query.fusion.path_weight = 10;
  EXPECT_EQ(search(query).hits[0].path, "alpha.md");
  query.fusion.path_weight = 0;
  const timespec old[2] = {{.tv_sec = 1'000'000'000, .tv_nsec = 0},
                           {.tv_sec = 1'000'000'000, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(world_.fd(), "notes.md", old, 0), 0);
  query.fusion.recency_days = 30;
  EXPECT_EQ(search(query).hits[0].path, "alpha.md");
  EXPECT_LT(search(query).hits[1].score, 0.01F);
}

// Neither hits nor scores reveal what a caller may not see: they are those of a tree without it.
TEST_F(TextSearchTest, ScoresTellNothingOfOthersFiles) {
  TextWorld without;
  for (TextWorld* const world : {&world_, &without}) {
    world->directory("open");
    world->directory("closed", 0700, SearchWorld::kAlice);
    for (int i = 0; i < 30; ++i) {
      world->document("open/" + std::to_string(i),
                      {"alpha beta", "common word " + std::to_string(i)});
    }
    world->document("open/x", {"alpha secret", "secret gamma"});
  }
  for (int i = 0; i < 40; ++i) {
    world_.document("closed/" + std::to_string(i), {"secret alpha secret"});
    world_.document("open/private" + std::to_string(i), {"secret secret"}, 0600,
                    SearchWorld::kAlice);
  }
  for (const QueryMode mode : {QueryMode::kHybrid, QueryMode::kLexical, QueryMode::kSemantic}) {
    for (const char* text : {"secret alpha", "secret", "gamma beta word"}) {
      for (const uint32_t k : {1U, 5U, 100U}) {
        const Query query = about(text, mode, k);
        const QueryResult seen = search(query, SearchWorld::bob());
        const QueryResult wanted = without.search(SearchWorld::bob(), query);
        ASSERT_EQ(paths_of(seen), paths_of(wanted)) << text;
        for (size_t i = 0; i < seen.hits.size(); ++i) {
          EXPECT_EQ(seen.hits[i].score, wanted.hits[i].score) << text << " " << i;
          EXPECT_EQ(seen.hits[i].lexical, wanted.hits[i].lexical);
          EXPECT_EQ(seen.hits[i].duplicates, wanted.hits[i].duplicates);
        }
        EXPECT_EQ(seen.distances, 0U);
      }
    }
  }
  EXPECT_EQ(search(about("secret", QueryMode::kLexical, 200), SearchWorld::alice()).hits.size(),
            search(about("secret", QueryMode::kLexical, 200)).hits.size());
}

// What was found readable is believed until rights change, and not longer.
TEST_F(TextSearchTest, RightsThatChangeAreSeen) {
  for (int i = 0; i < 10; ++i) {
    world_.document("f" + std::to_string(i), {"alpha w" + std::to_string(i)});
  }
  Query query = about("alpha", QueryMode::kLexical, 20);
  query.fold_duplicates = false;
  for (uint32_t k = 20; k < 23; ++k) {
    query.k = k;  // Another k keeps the cache out of it.
    EXPECT_EQ(search(query, SearchWorld::bob()).hits.size(), 10U);
  }
  world_.chmod("f3", 0600);
  EXPECT_EQ(search(query, SearchWorld::bob()).hits.size(), 9U);
  EXPECT_EQ(search(query, SearchWorld::root()).hits.size(), 10U);
  world_.document("g", {"alpha alpha"}, 0600, SearchWorld::kAlice);
  EXPECT_EQ(search(query, SearchWorld::bob()).hits.size(), 9U);
  EXPECT_EQ(search(query, SearchWorld::alice()).hits.size(), 10U);
  world_.chmod("f3", 0644);
  EXPECT_EQ(search(query, SearchWorld::bob()).hits.size(), 10U);
}

TEST_F(TextSearchTest, GoneFilesGiveWayToOthers) {
  for (int i = 0; i < 20; ++i) {
    world_.document("f" + std::to_string(i), {"alpha w" + std::to_string(i)});
  }
  for (int i = 0; i < 10; ++i) world_.unlink("f" + std::to_string(i));
  for (const QueryMode mode : {QueryMode::kHybrid, QueryMode::kLexical}) {
    Query query = about("alpha", mode, 10);
    query.fold_duplicates = false;
    EXPECT_EQ(search(query).hits.size(), 10U);
  }
}

TEST_F(TextSearchTest, SaysWhenItIsNotComplete) {
  world_.document("a", {"alpha"});
  world_.complete = false;
  EXPECT_FALSE(search(about("alpha")).complete);
  EXPECT_FALSE(search(about("alpha")).complete) << "from the cache too";
  Query like;
  like.like = "a";
  EXPECT_FALSE(search(like).complete);
  world_.complete = true;
  EXPECT_TRUE(search(about("alpha")).complete);
  EXPECT_TRUE(search(like).complete);
}

TEST_F(TextSearchTest, WordsStandInForAnEmbedderThatIsAway) {
  world_.document("a", {"alpha"});
  world_.embedder().failure = EAGAIN;
  const QueryResult result = search(about("alpha"));
  EXPECT_EQ(paths_of(result), "a");
  EXPECT_FALSE(result.complete);
  EXPECT_EQ(world_.refused(SearchWorld::root(), about("alpha", QueryMode::kSemantic)).error,
            EAGAIN);
  EXPECT_EQ(paths_of(search(about("alpha", QueryMode::kLexical))), "a");
  world_.embedder().failure = EACCES;
  EXPECT_EQ(paths_of(search(about("alpha"))), "a");
  world_.embedder().failure = 0;
  EXPECT_TRUE(search(about("alpha")).complete) << "what was cut short is not kept";
}

TEST_F(TextSearchTest, RefusesOtherSpaces) {
  Query query = about("alpha");
  query.space = "clip";
  EXPECT_EQ(world_.refused(SearchWorld::root(), query).error, EINVAL);
  query.space = kTextSpace;
  EXPECT_TRUE(search(query).hits.empty());
  SearchWorld none;
  EXPECT_EQ(none.refused(SearchWorld::root(), about("alpha")).error, ENODATA);
}

TEST_F(TextSearchTest, NothingButMarksFindsNothing) {
  world_.document("a", {"alpha"});
  EXPECT_TRUE(search(about("?!")).hits.empty());
  EXPECT_TRUE(search(about("?!", QueryMode::kSemantic)).hits.empty());
}

}  // namespace
}  // namespace vexfs::engine
