// The pool keeps what a sorted vector of the same candidates has in front.
#include "index/candidate_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

namespace vexfs::index {
namespace {

TEST(Candidate, KeepsWhatItIsMadeOf) {
  for (const float distance : {0.0F, -0.0F, 1.5F, -1.5F, 1e30F, -1e30F, 1e-40F}) {
    for (const uint32_t slot : {0U, 1U, limits::kSlotsMax - 1}) {
      Candidate candidate(distance, slot);
      EXPECT_EQ(candidate.slot(), slot);
      EXPECT_EQ(candidate.distance(), distance);
      EXPECT_FALSE(candidate.visited());
      candidate.set_visited();
      EXPECT_TRUE(candidate.visited());
      EXPECT_EQ(candidate.slot(), slot);
    }
  }
}

TEST(Candidate, OrdersByDistanceThenSlot) {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> ascending = {-infinity, -2, -1, -1e-40F, 0, 1e-40F, 1, 2, infinity};
  for (size_t i = 1; i < ascending.size(); ++i)
    EXPECT_LT(Candidate(ascending[i - 1], 9), Candidate(ascending[i], 0));
  EXPECT_LT(Candidate(1, 3), Candidate(1, 4));
}

TEST(CandidatePool, HoldsTheBestInOrder) {
  std::mt19937 random(3);
  for (const uint32_t capacity : {1U, 2U, 3U, 10U, 100U, limits::kEfMax}) {
    std::vector<Candidate> memory(capacity + 1);
    CandidatePool pool(memory.data(), capacity);
    std::vector<float> all;
    for (uint32_t slot = 0; slot < 3 * capacity + 2; ++slot) {
      const auto distance = static_cast<float>(random() % 1000) - 500;
      all.push_back(distance);
      const Candidate candidate(distance, slot);
      if (!pool.takes(candidate)) continue;
      const uint32_t place = pool.insert(candidate);
      ASSERT_EQ(pool[place].slot(), slot);
    }
    std::sort(all.begin(), all.end());
    ASSERT_EQ(pool.size(), std::min<size_t>(capacity, all.size()));
    for (uint32_t i = 0; i < pool.size(); ++i) ASSERT_EQ(pool[i].distance(), all[i]);
  }
}

}  // namespace
}  // namespace vexfs::index
