// Tests of PathHints: paths are built up to the first node without a hint, and cycles end.
#include "fs/backing/path_hints.h"

#include <gtest/gtest.h>

namespace vexfs::fs {
namespace {

constexpr NodeId node(uint64_t id) { return NodeId{id}; }

TEST(PathHintsTest, BuildsThePathUpToTheRoot) {
  PathHints hints;
  hints.set(node(10), kRootNode, "a");
  hints.set(node(11), node(10), "b");
  hints.set(node(12), node(11), "c");
  NodeId ancestor = kNoNode;
  EXPECT_EQ(hints.path_of(node(12), ancestor), "a/b/c");
  EXPECT_EQ(ancestor, kRootNode);
  EXPECT_EQ(hints.path_of(node(10), ancestor), "a");
}

TEST(PathHintsTest, StopsAtANodeWithoutHint) {
  PathHints hints;
  hints.set(node(12), node(11), "c");
  NodeId ancestor = kNoNode;
  EXPECT_EQ(hints.path_of(node(12), ancestor), "c");
  EXPECT_EQ(ancestor, node(11));
  EXPECT_EQ(hints.path_of(node(99), ancestor), "");
  EXPECT_EQ(ancestor, node(99));
}

TEST(PathHintsTest, TheLastHintCounts) {
  PathHints hints;
  hints.set(node(10), kRootNode, "a");
  hints.set(node(11), node(10), "old");
  hints.set(node(11), kRootNode, "new");
  NodeId ancestor = kNoNode;
  EXPECT_EQ(hints.path_of(node(11), ancestor), "new");
  hints.drop(node(11));
  EXPECT_EQ(hints.path_of(node(11), ancestor), "");
  EXPECT_EQ(ancestor, node(11));
}

// Two renames behind the mount can leave hints that contain each other.
TEST(PathHintsTest, ACycleHasNoPath) {
  PathHints hints;
  hints.set(node(10), node(11), "a");
  hints.set(node(11), node(10), "b");
  NodeId ancestor = kNoNode;
  EXPECT_EQ(hints.path_of(node(10), ancestor), "");
}

TEST(PathHintsTest, APathMayBeLongerThanTheKernelTakesInOneStep) {
  PathHints hints;
  const std::string name(255, 'x');
  const auto hint = [&](uint64_t depth) { hints.set(node(depth + 1), node(depth), name); };
  for (uint64_t depth = 10; depth < 10 + 1024; ++depth) hint(depth);
  NodeId ancestor = kNoNode;
  for (const uint64_t depth : {1U, 2U, 15U, 16U, 17U, 40U, 1000U}) {
    std::string expected = name;
    for (uint64_t i = 1; i < depth; ++i) expected += "/" + name;
    EXPECT_EQ(hints.path_of(node(10 + depth), ancestor), expected) << depth;
    EXPECT_EQ(ancestor, node(10));
  }
  for (uint64_t depth = 10 + 1024; depth < 10 + 1100; ++depth) hint(depth);
  EXPECT_EQ(hints.path_of(node(10 + 1100), ancestor), "");
}

}  // namespace
}  // namespace vexfs::fs
