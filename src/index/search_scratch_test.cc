// A scratch has room for the largest search there may be, in arrays that do not overlap.
#include "index/search_scratch.h"

#include <gtest/gtest.h>

#include <cstring>

#include "index/search_memory.h"

namespace vexfs::index {
namespace {

TEST(SearchScratch, PiecesHoldTheirMostAndDoNotOverlap) {
  SearchScratch first = std::move(SearchScratch::create()).value();
  SearchScratch scratch = std::move(first);
  SearchScratch::Memory& memory = scratch.memory();
  std::memset(memory.vector, 1, limits::kDimMax * sizeof(float));
  std::memset(memory.codes, 2, limits::kDimMax);
  std::memset(memory.other_codes, 3, limits::kDimMax);
  for (uint32_t i = 0; i <= limits::kEfMax; ++i) memory.pool[i] = Candidate(1, i);
  for (uint32_t i = 0; i <= limits::kEfMax; ++i) memory.results[i] = Candidate(2, i);
  for (uint32_t i = 0; i < kBatchMax; ++i) memory.batch[i] = memory.candidates[i] = i;
  EXPECT_TRUE(memory.visited.insert(limits::kSlotsMax - 1));
  EXPECT_FALSE(memory.visited.insert(limits::kSlotsMax - 1));
  memory.visited.clear(limits::kSlotsMax);
  EXPECT_EQ(memory.codes[limits::kDimMax - 1], 2);
  EXPECT_EQ(memory.other_codes[limits::kDimMax - 1], 3);
  EXPECT_EQ(memory.pool[limits::kEfMax].distance(), 1);
  EXPECT_EQ(memory.results[0].distance(), 2);
}

}  // namespace
}  // namespace vexfs::index
