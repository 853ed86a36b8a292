// Numbers of sections there and back, and what is missing.
#include "engine/space/graph_checkpoint.h"

#include <gtest/gtest.h>

#include <vector>

namespace vexfs::engine {
namespace {

TEST(GraphCheckpoint, ThereAndBack) {
  std::vector<std::byte> bytes(10);
  index::GraphSections sections;
  for (size_t i = 0; i < sections.size(); ++i) sections[i] = std::span(bytes).first(i + 1);
  store::MappedCheckpoint mapped;
  int released = 0;
  mapped.release = [&released] { ++released; };
  for (const store::CheckpointSection& section : sections_of(sections)) {
    mapped.sections.push_back({section.number, std::span(bytes).first(section.bytes.size())});
  }
  std::swap(mapped.sections.front(), mapped.sections.back());
  Result<index::GraphImage> image = image_of(mapped);
  ASSERT_TRUE(image.ok());
  for (size_t i = 0; i < sections.size(); ++i) {
    EXPECT_EQ(image.value().sections[i].size(), i + 1);
  }
  EXPECT_EQ(released, 0);
  mapped.sections.pop_back();
  mapped.sections.push_back({99, {}});
  EXPECT_EQ(image_of(mapped).error(), EUCLEAN);
  EXPECT_EQ(released, 1);
}

}  // namespace
}  // namespace vexfs::engine
