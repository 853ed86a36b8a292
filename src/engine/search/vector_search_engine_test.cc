// Tests of VectorSearchEngine on a real tree: ranking, scopes, rights, files that come and go.
#include "engine/search/vector_search_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

constexpr std::array<float, 1> kNowhere = {0};

// The files and their vectors, which a scan compares with a query one by one.
using Vectors = std::map<std::string, std::vector<float>>;

float l2(std::span<const float> a, std::span<const float> b) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

// The paths that a search with `query` below `scope` must answer.
std::string expected(const Vectors& files, std::span<const float> query, uint32_t k,
                     const std::string& scope) {
  std::vector<std::pair<float, std::string>> ranked;
  for (const auto& [path, vector] : files) {
    if (path.starts_with(scope)) ranked.emplace_back(l2(query, vector), path.substr(scope.size()));
  }
  std::sort(ranked.begin(), ranked.end());
  std::string paths;
  for (size_t i = 0; i < std::min<size_t>(k, ranked.size()); ++i) {
    paths += (paths.empty() ? "" : " ") + ranked[i].second;
  }
  return paths;
}

TEST(VectorSearchEngineTest, EqualsBruteForceInEveryScope) {
  SearchWorld world;
  world.space("s", 4);
  std::mt19937 random(7);
  std::uniform_real_distribution<float> number(-1, 1);
  const auto vector = [&] {
    return std::vector<float>{number(random), number(random), number(random), number(random)};
  };
  Vectors files;
  std::vector<std::string> scopes = {""};
  for (const std::string directory : {"a", "a/b", "a/b/c", "d", "d/e"}) {
    world.directory(directory);
    scopes.push_back(directory + "/");
  }
  for (int i = 0; i < 300; ++i) {
    const std::string path = scopes[static_cast<size_t>(i) % scopes.size()] + std::to_string(i);
    files[path] = vector();
    world.file(path, files[path]);
  }
  for (int i = 0; i < 20; ++i) {
    const std::vector<float> asked = vector();
    for (const std::string& scope : scopes) {
      const std::string directory = scope.substr(0, scope.size() - (scope.empty() ? 0 : 1));
      Query query = nearest_to(asked, 12);
      query.exact = true;
      const std::string wanted = expected(files, asked, 12, scope);
      EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query, directory)), wanted);
      EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query, directory)), wanted);
      query.exact = false;
      EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query, directory)), wanted);
    }
  }
}

TEST(VectorSearchEngineTest, AScopeBelowTheAskedDirectory) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("a");
  world.directory("a/b");
  world.file("a/b/far", {9});
  world.file("a/b/near", {1});
  world.file("a/nearer", {0});
  Query query = nearest_to(kNowhere);
  query.path = "./b/";
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query, "a")), "b/near b/far");
  world.directory("empty");
  query.path = "empty";
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "");
}

TEST(VectorSearchEngineTest, AnswersScoresAndRanges) {
  SearchWorld world;
  world.space("s", 2, Metric::kCosine);
  world.file("same", {2, 0});
  world.file("across", {0, 3});
  const QueryResult result = world.search(SearchWorld::root(), nearest_to(std::array{1.0F, 0.0F}));
  ASSERT_EQ(paths_of(result), "same across");
  EXPECT_NEAR(result.hits[0].score, 1, 1e-6);
  EXPECT_NEAR(result.hits[1].score, 0, 1e-6);
  EXPECT_TRUE(result.complete);
}

TEST(VectorSearchEngineTest, AFileIsOneHitHoweverManyVectorsItHas) {
  SearchWorld world;
  world.space("s", 1);
  std::vector<float> many;
  for (int i = 0; i < 200; ++i) many.push_back(static_cast<float>(i) / 1000);
  world.file("many", many);
  for (int i = 0; i < 12; ++i) world.file("f" + std::to_string(i), {static_cast<float>(i + 1)});
  const QueryResult result = world.search(SearchWorld::root(), nearest_to(kNowhere, 5));
  EXPECT_EQ(paths_of(result), "many f0 f1 f2 f3");
  EXPECT_EQ(result.hits[0].score, 0);
}

TEST(VectorSearchEngineTest, LikeAFileLeavesItOut) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("d");
  world.file("d/a", {1, 1.5});
  world.file("d/b", {1.2F});
  world.file("d/c", {5});
  Query query;
  query.like = "d/a";
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "d/b d/c");
  query.like = "a";
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query, "d")), "b c");
}

TEST(VectorSearchEngineTest, FiltersByType) {
  SearchWorld world;
  world.space("s", 1);
  for (int i = 0; i < 40; ++i) {
    world.file("f" + std::to_string(i) + ".txt", {static_cast<float>(i)});
  }
  world.file("a.md", {50});
  world.file("b.MD", {60});
  world.file("c.tar.gz", {70});
  world.file("md", {0});
  Query query = nearest_to(kNowhere);
  query.types = {"md"};
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "a.md b.MD");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "a.md b.MD");
  query.types = {"tar.gz", "Md"};
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "a.md b.MD c.tar.gz");
  world.rename("f3.txt", "f3.md");
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "f3.md a.md b.MD c.tar.gz");
}

TEST(VectorSearchEngineTest, FiltersByTime) {
  SearchWorld world;
  world.space("s", 1);
  for (int i = 0; i < 20; ++i) {
    const std::string path = "f" + std::to_string(i);
    world.file(path, {static_cast<float>(i)});
    const struct timespec times[2] = {{1000, 0}, {i % 5 == 0 ? 2000 : 1000, 0}};
    ASSERT_EQ(::utimensat(world.fd(), path.c_str(), times, 0), 0);
  }
  Query query = nearest_to(kNowhere, 3);
  query.after = 2000;
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "f0 f5 f10");
  const struct timespec times[2] = {{3000, 0}, {3000, 0}};
  ASSERT_EQ(::utimensat(world.fd(), "f1", times, 0), 0);  // VexFS does not see this change.
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "f0 f1 f5");
}

TEST(VectorSearchEngineTest, UsersSeeWhatTheyMayRead) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("alice", 0700, SearchWorld::kAlice);
  world.directory("bob", 0700, SearchWorld::kBob);
  world.directory("shared");
  Vectors alice;
  Vectors bob;
  for (int i = 0; i < 60; ++i) {
    const std::string name = std::to_string(100 + i);
    const std::vector<float> vector = {static_cast<float>(i)};
    world.file("alice/" + name, vector, 0644, SearchWorld::kAlice);
    world.file("bob/" + name, vector, 0644, SearchWorld::kBob);
    world.file("shared/a" + name, vector, 0600, SearchWorld::kAlice);
    world.file("shared/b" + name, vector, 0600, SearchWorld::kBob);
    alice["alice/" + name] = alice["shared/a" + name] = vector;
    bob["bob/" + name] = bob["shared/b" + name] = vector;
  }
  for (int round = 0; round < 2; ++round) {  // The second round knows what was refused.
    for (const uint32_t k : {1u, 10u, 50u, 120u, 500u}) {
      const Query query = nearest_to(kNowhere, k);
      const QueryResult of_alice = world.search(SearchWorld::alice(), query);
      const QueryResult of_bob = world.search(SearchWorld::bob(), query);
      EXPECT_EQ(paths_of(of_alice), expected(alice, kNowhere, k, ""));
      EXPECT_EQ(paths_of(of_bob), expected(bob, kNowhere, k, ""));
      EXPECT_EQ(of_alice.distances + of_alice.hops + of_alice.refinements, 0u);
      EXPECT_STREQ(of_alice.plan, "");
      EXPECT_EQ(world.search(SearchWorld::root(), query).hits.size(), std::min(k, 240u));
    }
  }
  // The files of others do not change the answer of a user.
  std::vector<float> before;
  for (const Hit& hit : world.search(SearchWorld::bob(), nearest_to(kNowhere)).hits) {
    before.push_back(hit.score);
  }
  world.file("alice/new", {0}, 0644, SearchWorld::kAlice);
  world.file("shared/new", {0}, 0600, SearchWorld::kAlice);
  std::vector<float> after;
  for (const Hit& hit : world.search(SearchWorld::bob(), nearest_to(kNowhere)).hits) {
    after.push_back(hit.score);
  }
  EXPECT_EQ(before, after);
}

TEST(VectorSearchEngineTest, RightsThatChangeAreSeenAtOnce) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("d");
  world.file("d/a", {0});
  world.file("d/b", {1});
  const Query query = nearest_to(kNowhere);
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "d/a d/b");
  world.chmod("d/a", 0600);
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "d/b");
  world.chmod("d/a", 0644);
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "d/a d/b");
  world.chmod("d", 0711);  // Others may enter it, but not list its names.
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "");
  world.chmod("d", 0700);
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "d/a d/b");
  world.chmod("d", 0755);
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "d/a d/b");
}

TEST(VectorSearchEngineTest, AFileIsFoundUnderANameThatItsCallerMaySee) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("a-private", 0700);
  world.directory("public");
  world.file("a-private/x", {0});
  world.link("a-private/x", "public/y");
  const Query query = nearest_to(kNowhere);
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "a-private/x");
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "public/y");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query, "public")), "y");
  world.unlink("public/y");
  EXPECT_EQ(paths_of(world.search(SearchWorld::bob(), query)), "");
}

TEST(VectorSearchEngineTest, FollowsRenamesAndDeletions) {
  SearchWorld world;
  world.space("s", 1);
  world.directory("a");
  world.directory("b");
  world.file("a/1", {1});
  world.file("a/2", {2});
  const Query query = nearest_to(kNowhere);
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "a/1 a/2");
  world.rename("a/1", "b/one");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "b/one a/2");
  world.rename("a", "b/a");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "b/one b/a/2");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query, "b/a")), "2");
  world.unlink("b/one");
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "b/a/2");
}

// The tree changes behind the mount, or before the storage hears of it.
TEST(VectorSearchEngineTest, APathThatLeadsElsewhereIsNoHit) {
  SearchWorld world;
  world.space("s", 1);
  for (int i = 0; i < 8; ++i) world.file("f" + std::to_string(i), {static_cast<float>(i)});
  const Query query = nearest_to(kNowhere, 3);
  EXPECT_EQ(paths_of(world.search(SearchWorld::root(), query)), "f0 f1 f2");
  ASSERT_EQ(::unlinkat(world.fd(), "f0", 0), 0);
  ASSERT_EQ(::renameat(world.fd(), "f1", world.fd(), "elsewhere"), 0);
  const Fd other(::openat(world.fd(), "f1", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644));
  ASSERT_EQ(::unlinkat(world.fd(), "f2", 0), 0);
  ASSERT_EQ(::symlinkat("f3", world.fd(), "f2"), 0);
  const QueryResult result = world.search(SearchWorld::root(), query);
  EXPECT_EQ(paths_of(result), "f3 f4 f5");
  EXPECT_FALSE(result.cached);
}

TEST(VectorSearchEngineTest, ResultsAreCachedUntilSomethingChanges) {
  SearchWorld world;
  world.space("s", 1);
  world.file("a", {1});
  world.file("b", {2});
  const Query query = nearest_to(kNowhere);
  EXPECT_FALSE(world.search(SearchWorld::root(), query).cached);
  const QueryResult again = world.search(SearchWorld::root(), query);
  EXPECT_TRUE(again.cached);
  EXPECT_EQ(paths_of(again), "a b");
  EXPECT_EQ(again.hits[1].score, -4);
  EXPECT_FALSE(world.search(SearchWorld::bob(), query).cached);
  EXPECT_FALSE(world.search(SearchWorld::root(), nearest_to(kNowhere, 9)).cached);
  world.file("c", {0});
  const QueryResult fresh = world.search(SearchWorld::root(), query);
  EXPECT_FALSE(fresh.cached);
  EXPECT_EQ(paths_of(fresh), "c a b");
  EXPECT_EQ(world.engine().statistics().cached, 1u);
}

TEST(VectorSearchEngineTest, RefusesBadQueries) {
  SearchWorld world;
  world.space("s", 1);
  world.file("a", {1});
  EXPECT_EQ(world.refused(SearchWorld::root(), Query()).message,
            "a query needs one of text, vector and like");
  EXPECT_EQ(world.refused(SearchWorld::root(), nearest_to(kNowhere, 0)).message,
            "k must be from 1 to 1000");
  Query query = nearest_to(kNowhere);
  query.ef = limits::kEfMax + 1;
  EXPECT_EQ(world.refused(SearchWorld::root(), query).error, EINVAL);
}

// Searches beside renames and deletions: a file whose deletion was over before a search began is
// not in its result, and each path is one that its file had.
TEST(VectorSearchEngineTest, NoDeadPathsUnderChange) {
  constexpr int kFiles = 120;
  SearchWorld world;
  world.space("s", 1);
  world.directory("a");
  world.directory("b");
  for (int i = 0; i < kFiles; ++i) world.file("a/" + std::to_string(i), {static_cast<float>(i)});
  std::array<std::atomic<bool>, kFiles> dead{};
  std::atomic<bool> done{false};
  std::thread changer([&] {
    for (int i = 0; i < kFiles; ++i) {
      const std::string name = std::to_string(i);
      world.rename("a/" + name, "b/" + name);
      if (i % 2 == 0) continue;
      world.unlink("b/" + name);
      dead[static_cast<size_t>(i)].store(true, std::memory_order_release);
    }
    done.store(true, std::memory_order_release);
  });
  std::vector<std::thread> searchers;
  for (const tree::Credentials& caller : {SearchWorld::root(), SearchWorld::bob()}) {
    searchers.emplace_back([&, caller] {
      for (bool last = false; !last;) {
        last = done.load(std::memory_order_acquire);
        std::array<bool, kFiles> was_dead{};
        for (size_t i = 0; i < kFiles; ++i) was_dead[i] = dead[i].load(std::memory_order_acquire);
        const QueryResult result = world.search(caller, nearest_to(kNowhere, 30));
        EXPECT_EQ(result.hits.size(), 30u);
        for (const Hit& hit : result.hits) {
          ASSERT_TRUE(hit.path.starts_with("a/") || hit.path.starts_with("b/")) << hit.path;
          EXPECT_FALSE(was_dead[std::stoul(hit.path.substr(2))]) << hit.path;
        }
      }
    });
  }
  changer.join();
  for (std::thread& searcher : searchers) searcher.join();
}

}  // namespace
}  // namespace vexfs::engine
