// The links that are chosen lead in different directions.
#include "index/select_links.h"

#include <gtest/gtest.h>

#include <vector>

namespace vexfs::index {
namespace {

TEST(SelectLinks, ACoveredCandidateIsLeftOut) {
  CodeColumn codes = std::move(CodeColumn::create(2, Metric::kL2)).value();
  ASSERT_TRUE(codes.grow(4).ok());
  // Seen from (0, 0): 1 is behind 0 in the same direction; 2 and 3 lie elsewhere.
  const float vectors[][2] = {{1, 0}, {2, 0.1F}, {0, 2.5F}, {-3, 0}};
  for (uint32_t slot = 0; slot < 4; ++slot) codes.encode(slot, vectors[slot]);
  SearchScratch scratch = std::move(SearchScratch::create()).value();
  SearchScratch::Memory& memory = scratch.memory();
  const auto selected = [&](uint32_t max) {
    CandidatePool pool(memory.pool, 10);
    const float distances[] = {1, 4.01F, 6.25F, 9};
    for (uint32_t slot = 0; slot < 4; ++slot) pool.insert(Candidate(distances[slot], slot));
    const uint32_t count = select_links(codes, pool, max, memory);
    return std::vector<uint32_t>(memory.selected, memory.selected + count);
  };
  EXPECT_EQ(selected(10), (std::vector<uint32_t>{0, 2, 3}));
  EXPECT_EQ(selected(2), (std::vector<uint32_t>{0, 2}));
}

}  // namespace
}  // namespace vexfs::index
