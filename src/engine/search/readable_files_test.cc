// Tests of ReadableFiles: each caller gets what that caller may read, anew when rights change.
#include "engine/search/readable_files.h"

#include <gtest/gtest.h>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

class ReadableFilesTest : public testing::Test {
 protected:
  ReadableFilesTest() { world_.space("s", 1); }

  ObjectId object(const std::string& path) {
    Result<std::optional<store::Object>> found(std::nullopt);
    const ObjectKey key = world_.key(path);
    found = world_.storage().find_object(key);
    return found.value()->id;
  }
  std::vector<ObjectId> unreadable(const tree::Credentials& caller, std::vector<ObjectId> objects) {
    std::vector<ObjectId> found;
    EXPECT_TRUE(readable_.find_unreadable(caller, stamp_, objects, found).ok());
    return found;
  }

  SearchWorld world_;
  ReadableFiles readable_{world_.source(), world_.storage()};
  ReadableFiles::Stamp stamp_{1, 0};
};

TEST_F(ReadableFilesTest, EachCallerHasHisOwn) {
  world_.file("all", {1});
  world_.file("alice", {1}, 0600, SearchWorld::kAlice);
  const ObjectId all = object("all");
  const ObjectId alice = object("alice");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(unreadable(SearchWorld::bob(), {all, alice, alice, kNoObject, all}),
              std::vector<ObjectId>{alice});
    EXPECT_TRUE(unreadable(SearchWorld::alice(), {all, alice}).empty());
  }
}

TEST_F(ReadableFilesTest, IsBelievedUntilRightsChange) {
  world_.file("a", {1});
  const ObjectId a = object("a");
  EXPECT_TRUE(unreadable(SearchWorld::bob(), {a}).empty());
  world_.chmod("a", 0600);
  EXPECT_TRUE(unreadable(SearchWorld::bob(), {a}).empty());
  ++stamp_.permissions;
  EXPECT_EQ(unreadable(SearchWorld::bob(), {a}), std::vector<ObjectId>{a});
}

TEST_F(ReadableFilesTest, WhatIsGoneIsNotReadable) {
  EXPECT_EQ(unreadable(SearchWorld::bob(), {ObjectId{999}}), std::vector<ObjectId>{ObjectId{999}});
  std::vector<ObjectId> many;
  for (uint64_t i = 1000; i < 2000; ++i) many.push_back(ObjectId{i});
  EXPECT_EQ(unreadable(SearchWorld::bob(), many), many);
}

}  // namespace
}  // namespace vexfs::engine
