// Tests of QueryTarget: which space, vector and directory a query means, and what refusals say.
#include "engine/search/query_target.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "engine/search/testing/search_world.h"

namespace vexfs::engine {
namespace {

class QueryTargetTest : public testing::Test {
 protected:
  QueryTargetTest() : target_(world_.source(), world_.storage()) {}

  // The space that is chosen, or the sentence.
  std::string space_for(std::span<const float> vector, std::string_view name = {}) {
    Query query;
    query.vector.assign(vector.begin(), vector.end());
    query.space = name;
    return chosen(query);
  }
  std::string space_like(std::string_view path, std::string_view name = {},
                         const tree::Credentials& caller = SearchWorld::root()) {
    Query query;
    query.like = path;
    query.space = name;
    return chosen(query, caller);
  }
  std::string chosen(const Query& query, const tree::Credentials& caller = SearchWorld::root()) {
    const auto directory = target_.directory(caller, world_.key(""), {});
    EXPECT_TRUE(directory.ok());
    vector_ = {};
    const auto space = target_.vector(caller, directory.value(), query, vector_);
    return space.ok() ? space.value().name : space.failure().message;
  }
  std::string scope(std::string_view path, const tree::Credentials& caller = SearchWorld::root()) {
    const auto directory = target_.directory(caller, world_.key(""), path);
    return directory.ok() ? "" : directory.failure().message;
  }

  SearchWorld world_;
  QueryTarget target_;
  AskedVector vector_;
};

constexpr std::array<float, 2> kTwo = {1, 0};
constexpr std::array<float, 3> kThree = {1, 0, 0};
constexpr std::array<float, 4> kFour = {1, 0, 0, 0};

TEST_F(QueryTargetTest, ChoosesTheOnlySpace) {
  EXPECT_EQ(space_for(kThree), "there is no space yet");
  world_.space("text", 2);
  EXPECT_EQ(space_for(kTwo), "text");
  EXPECT_EQ(space_for(kThree), "space text has 2 dimensions, the vector has 3");
  EXPECT_EQ(space_for(kTwo, "text"), "text");
  ASSERT_TRUE(world_.storage().create_space("text~", {.dim = 2}, 1).ok());
  EXPECT_EQ(space_for(kTwo), "text") << "one that is being filled is not meant";
  EXPECT_EQ(space_for(kTwo, "clip"), "there is no space clip");
}

TEST_F(QueryTargetTest, ChoosesTheOnlySpaceOfTheDimension) {
  world_.space("a", 2);
  world_.space("b", 3);
  EXPECT_EQ(space_for(kTwo), "a");
  EXPECT_EQ(space_for(kThree), "b");
  EXPECT_EQ(space_for(kFour), "no space has 4 dimensions, as the vector has");
  EXPECT_EQ(space_for(kTwo, "b"), "space b has 3 dimensions, the vector has 2");
  world_.space("c", 3);
  EXPECT_EQ(space_for(kThree), "2 spaces fit the request: name one with \"space\"");
}

TEST_F(QueryTargetTest, RefusesVectorsThatNoSpaceTakes) {
  world_.space("a", 2, Metric::kCosine);
  world_.space("b", 3, Metric::kL2);
  const std::array<float, 2> zero = {0, 0};
  EXPECT_EQ(space_for(zero),
            "the vector has a number that is not finite, or a length of zero, "
            "which cosine space a does not take");
  const std::array<float, 3> infinite = {0, std::numeric_limits<float>::infinity(), 0};
  EXPECT_EQ(space_for(infinite), "the vector has a number that is not finite");
}

TEST_F(QueryTargetTest, LikeMeansTheFileAndItsSpace) {
  world_.space("s", 1);
  world_.file("f", {7, 8});
  world_.file("plain", {});
  EXPECT_EQ(space_like("f"), "s");
  EXPECT_EQ(*vector_.data, 7);
  EXPECT_EQ(vector_.slots, 2u);
  EXPECT_EQ(space_like("plain"), "plain has no vector in space s");
  world_.space("t", 2);
  EXPECT_EQ(space_like("f"), "s");
  EXPECT_EQ(space_like("f", "t"), "f has no vector in space t");
  EXPECT_EQ(space_like("plain"), "plain has no vector");
  world_.set("f", {1, 2}, "t");
  EXPECT_EQ(space_like("f"), "f has vectors in 2 spaces: name one with \"space\"");
  EXPECT_EQ(space_like("f", "t"), "t");
}

TEST_F(QueryTargetTest, LikeMustBeForTheCallersEyes) {
  world_.space("s", 1);
  world_.directory("private", 0700);
  world_.file("private/f", {1});
  world_.file("secret", {1}, 0600);
  EXPECT_EQ(space_like("secret", {}, SearchWorld::bob()), "secret: permission denied");
  EXPECT_EQ(space_like("private/f", {}, SearchWorld::bob()), "private/f: permission denied");
  EXPECT_EQ(space_like("private/none", {}, SearchWorld::bob()), "private/none: permission denied");
  EXPECT_EQ(space_like("none", {}, SearchWorld::bob()), "none: no such file or directory");
  EXPECT_EQ(space_like("../f"),
            "../f: a path is relative to the directory that is asked, and has no ..");
  EXPECT_EQ(space_like("/f"),
            "/f: a path is relative to the directory that is asked, and has no ..");
}

TEST_F(QueryTargetTest, AScopeIsADirectoryThatTheCallerMaySearch) {
  world_.directory("d");
  world_.directory("private", 0700);
  world_.file("f", {});
  ASSERT_EQ(::symlinkat("d", world_.fd(), "link"), 0);
  EXPECT_EQ(scope("d"), "");
  EXPECT_EQ(scope("./d//"), "");
  EXPECT_EQ(scope("."), "");
  EXPECT_EQ(scope("f"), "f: not a directory");
  EXPECT_EQ(scope("none"), "none: no such file or directory");
  EXPECT_EQ(scope("link"), "link: not a directory");
  EXPECT_EQ(scope("link/x"), "link/x: a symbolic link; name what it leads to");
  EXPECT_EQ(scope("private"), "");
  EXPECT_EQ(scope("private", SearchWorld::bob()), "private: permission denied");
  EXPECT_EQ(scope(".."), "..: a path is relative to the directory that is asked, and has no ..");
}

}  // namespace
}  // namespace vexfs::engine
