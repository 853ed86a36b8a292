// Tests of the surface's ids: their parts can be read back, and no two nodes share an id.
#include "fs/surface/surface_node.h"

#include <gtest/gtest.h>

#include <set>

namespace vexfs::fs {
namespace {

TEST(SurfaceNodeTest, FilesRememberTheirDirectory) {
  for (const uint64_t directory : {uint64_t{1}, uint64_t{4}, uint64_t{UINT32_MAX} + 4}) {
    for (uint32_t file = 0; file <= static_cast<uint32_t>(SurfaceFile::kSaved); ++file) {
      for (const uint32_t instance : {0U, 1U, (1U << 24) - 1, UINT32_MAX}) {
        const NodeId node = surface_node(NodeId{directory}, SurfaceFile{file}, instance);
        EXPECT_TRUE(is_surface(node));
        EXPECT_FALSE(is_result(node));
        EXPECT_EQ(directory_of(node), NodeId{directory});
        EXPECT_EQ(file_of(node), SurfaceFile{file});
      }
    }
  }
}

TEST(SurfaceNodeTest, ResultsRememberTheirPlace) {
  for (const uint64_t generation : {uint64_t{0}, uint64_t{77}, (uint64_t{1} << 44) - 1}) {
    for (const uint32_t slot : {0U, 255U}) {
      for (const uint32_t entry : {0U, 1U, 1000U}) {
        const NodeId node = result_node({generation, slot, entry});
        EXPECT_TRUE(is_surface(node));
        EXPECT_TRUE(is_result(node));
        const ResultId id = result_id(node);
        EXPECT_EQ(id.generation, generation);
        EXPECT_EQ(id.slot, slot);
        EXPECT_EQ(id.entry, entry);
      }
    }
  }
}

TEST(SurfaceNodeTest, NoTwoNodesShareAnId) {
  std::set<NodeId> seen;
  size_t made = 0;
  for (const uint64_t directory : {1U, 4U, 5U, 4096U}) {
    for (uint32_t file = 0; file <= 9; ++file) {
      for (const uint32_t instance : {0U, 1U}) {
        seen.insert(surface_node(NodeId{directory}, SurfaceFile{file}, instance));
        ++made;
      }
    }
  }
  for (const uint64_t generation : {0U, 1U}) {
    for (const uint32_t slot : {0U, 1U}) {
      for (const uint32_t entry : {0U, 1U}) {
        seen.insert(result_node({generation, slot, entry}));
        ++made;
      }
    }
  }
  EXPECT_EQ(seen.size(), made);
}

TEST(SurfaceNodeTest, KindsOfNodes) {
  const NodeId saved = surface_node(NodeId{4}, SurfaceFile::kSaved);
  EXPECT_TRUE(is_saved(saved));
  EXPECT_FALSE(is_saved(surface_node(NodeId{4}, SurfaceFile::kSearch)));
  EXPECT_FALSE(is_saved(NodeId{9}));
  for (uint32_t entry = 0; entry <= kChangesEntry; ++entry) {
    EXPECT_FALSE(is_saved(result_node({1, 2, entry})));
  }
}

TEST(SurfaceNodeTest, NodesOfTheTreeAreNoneOfTheSurface) {
  EXPECT_FALSE(is_surface(kRootNode));
  EXPECT_FALSE(is_result(NodeId{uint64_t{UINT32_MAX} + 4}));
}

}  // namespace
}  // namespace vexfs::fs
