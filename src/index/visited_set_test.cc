// The set of visited slots is empty after it was cleared, word by noted word or as a whole.
#include "index/visited_set.h"

#include <gtest/gtest.h>

#include <vector>

namespace vexfs::index {
namespace {

TEST(VisitedSet, ForgetsAllHoweverManyThereWere) {
  constexpr uint32_t kMarked = 100000;
  std::vector<uint64_t> words(kMarked / 64 + 1);
  std::vector<uint32_t> notes(50);
  VisitedSet visited(words.data(), notes.data(), static_cast<uint32_t>(notes.size()));
  for (const uint32_t step : {1U, 7U, 3000U, 99999U}) {
    for (uint32_t slot = 0; slot < kMarked; slot += step) ASSERT_TRUE(visited.insert(slot));
    for (uint32_t slot = 0; slot < kMarked; slot += step) ASSERT_FALSE(visited.insert(slot));
    ASSERT_TRUE(visited.contains(0));
    ASSERT_EQ(visited.contains(1), step == 1);
    visited.clear(kMarked);
    for (const uint64_t word : words) ASSERT_EQ(word, 0U);
    EXPECT_EQ(visited.size(), 0U);
    EXPECT_FALSE(visited.contains(0));
  }
}

}  // namespace
}  // namespace vexfs::index
