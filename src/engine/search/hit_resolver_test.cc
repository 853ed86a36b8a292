// Tests of HitResolver: types of names, and the verdicts on files.
#include "engine/search/hit_resolver.h"

#include <gtest/gtest.h>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

TEST(HitResolverTest, KnowsTypes) {
  const std::string types[] = {"md", "tar.gz"};
  for (const char* name : {"a.md", "a.MD", "a.b.mD", "x.tar.gz", ".md"}) {
    EXPECT_TRUE(has_type(name, types)) << name;
  }
  for (const char* name : {"md", "amd", "a.md ", "a.mdx", "a.gz", "", ".", "a.tar_gz"}) {
    EXPECT_FALSE(has_type(name, types)) << name;
  }
  EXPECT_TRUE(has_type("anything", {}));
}

class HitResolverVerdictTest : public testing::Test {
 protected:
  HitResolverVerdictTest() : resolver_(world_.source(), world_.storage()) {
    world_.space("s", 1);
    scope_.caller = &caller_;
    scope_.directory = world_.fd();
    scope_.asked = kRootDirectory;
  }

  Verdict of(const std::string& path, const ObjectKey& key) {
    return resolver_.verify_path(scope_, path, key);
  }

  SearchWorld world_;
  tree::Credentials caller_ = SearchWorld::bob();
  HitResolver resolver_;
  HitScope scope_;
};

TEST_F(HitResolverVerdictTest, LooksAtTheFileAsItIs) {
  world_.directory("d");
  world_.file("d/f", {1});
  world_.file("g", {2});
  const ObjectKey key = world_.key("d/f");
  EXPECT_EQ(of("d/f", key), Verdict::kGood);
  EXPECT_EQ(of("g", key), Verdict::kGone);
  EXPECT_EQ(of("d/none", key), Verdict::kGone);
  EXPECT_EQ(of("none/f", key), Verdict::kGone);
  world_.chmod("d/f", 0600);
  EXPECT_EQ(of("d/f", key), Verdict::kUnreadable);
  caller_ = SearchWorld::root();
  EXPECT_EQ(of("d/f", key), Verdict::kGood);
}

TEST_F(HitResolverVerdictTest, LooksAtTheWayWhereRightsChangeUnseen) {
  world_.directory("d", 0700);
  world_.file("d/f", {1});
  const ObjectKey key = world_.key("d/f");
  EXPECT_EQ(of("d/f", key), Verdict::kGood);  // The scope said that "d" is visible.
  scope_.check_way = true;
  EXPECT_EQ(of("d/f", key), Verdict::kUnreadable);
}

TEST_F(HitResolverVerdictTest, GoesByTime) {
  world_.file("f", {1});
  const struct timespec times[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(::utimensat(world_.fd(), "f", times, 0), 0);
  scope_.after = 1000;
  EXPECT_EQ(of("f", world_.key("f")), Verdict::kGood);
  scope_.after = 1001;
  EXPECT_EQ(of("f", world_.key("f")), Verdict::kTooOld);
}

TEST_F(HitResolverVerdictTest, ResolvesSlots) {
  world_.directory("d");
  world_.file("d/f.md", {1, 2});
  const auto space = world_.storage().open_space("s").value();
  ObjectId object = kNoObject;
  const ObjectKey key = world_.key("d/f.md");
  object = world_.storage().find_object(key).value()->id;
  const std::vector<Slot> slots = world_.storage().slots_of(space, object).value();
  ASSERT_EQ(slots.size(), 2u);
  const index::Neighbor neighbors[] = {{slots[1], 0.5F}, {Slot{1000}, 0.75F}};
  std::vector<ResolvedHit> hits;
  ASSERT_TRUE(resolver_.resolve(space, scope_, neighbors, hits).ok());
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].verdict, Verdict::kUnknown);
  EXPECT_EQ(hits[0].passage.path, "d/f.md");
  EXPECT_EQ(hits[0].passage.passage.ordinal, 1u);
  EXPECT_EQ(hits[0].passage.distance, 0.5F);
  EXPECT_EQ(hits[1].verdict, Verdict::kGone);
  resolver_.verify(scope_, hits[0]);
  EXPECT_EQ(hits[0].verdict, Verdict::kGood);

  const std::string types[] = {"txt"};
  scope_.types = types;
  hits.clear();
  ASSERT_TRUE(resolver_.resolve(space, scope_, std::span(neighbors).first(1), hits).ok());
  EXPECT_EQ(hits[0].verdict, Verdict::kOtherType);
  const DirectorySet none;
  scope_.directories = &none;
  hits.clear();
  ASSERT_TRUE(resolver_.resolve(space, scope_, std::span(neighbors).first(1), hits).ok());
  EXPECT_EQ(hits[0].verdict, Verdict::kGone);
}

TEST_F(HitResolverVerdictTest, TellsOnlyNamesThatAreVisibleAndBelow) {
  world_.directory("hidden");
  world_.directory("seen");
  world_.file("seen/f", {1});
  world_.link("seen/f", "hidden/g");
  const auto space = world_.storage().open_space("s").value();
  DirectoryIndex seen{};
  Slot slot{};
  world_.storage().read([&](const Snapshot& now) {
    seen = now.find_directory(world_.key("seen"));
    const auto object = now.find_object(world_.key("seen/f")).value();
    slot = now.passage_of(space.id, object->id, 0).value()->slot;
  });
  const auto resolved = [&] {
    const index::Neighbor neighbor{slot, 0};
    std::vector<ResolvedHit> hits;
    EXPECT_TRUE(resolver_.resolve(space, scope_, {&neighbor, 1}, hits).ok());
    return hits.at(0);
  };
  EXPECT_EQ(resolved().passage.path, "hidden/g");
  EXPECT_EQ(resolved().others, std::vector<std::string>{"seen/f"});
  DirectorySet visible;
  visible.add(seen);
  scope_.directories = &visible;
  EXPECT_EQ(resolved().passage.path, "seen/f");
  EXPECT_TRUE(resolved().others.empty());
  scope_.directories = nullptr;
  scope_.asked = seen;
  EXPECT_EQ(resolved().passage.path, "f");
  EXPECT_TRUE(resolved().others.empty());
}

TEST_F(HitResolverVerdictTest, TriesEachNameOfAFile) {
  world_.file("a", {1});
  world_.link("a", "b");
  world_.link("a", "c");
  const auto space = world_.storage().open_space("s").value();
  const auto neighbors = [&] {
    std::vector<index::Neighbor> all(1);
    EXPECT_TRUE(space.knn->search(std::vector<float>{1}.data(), {.k = 1}, true, all).ok());
    return all;
  }();
  ASSERT_EQ(::unlinkat(world_.fd(), "a", 0), 0);
  ASSERT_EQ(::unlinkat(world_.fd(), "b", 0), 0);
  std::vector<ResolvedHit> hits;
  ASSERT_TRUE(resolver_.resolve(space, scope_, neighbors, hits).ok());
  EXPECT_EQ(hits[0].passage.path, "a");
  resolver_.verify(scope_, hits[0]);
  EXPECT_EQ(hits[0].verdict, Verdict::kGood);
  EXPECT_EQ(hits[0].passage.path, "c");
}

}  // namespace
}  // namespace vexfs::engine
