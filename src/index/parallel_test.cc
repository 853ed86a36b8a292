// Several threads do each number once, and the first failure ends the work.
#include "index/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <vector>

#include "index/search_memory.h"

namespace vexfs::index {
namespace {

TEST(Workers, EachNumberIsWorkedOnOnce) {
  Workers workers;
  for (const unsigned threads : {1U, 2U, 5U, 1000U}) {
    for (const uint32_t count : {0U, 1U, 15U, 1000U}) {
      std::vector<std::atomic<int>> seen(count);
      const Status status = workers.run(
          count, threads, nullptr,
          [&](uint32_t i, SearchScratch::Memory& memory, RowLocks::Owner owner) -> Status {
            ++seen[i];
            memory.batch[0] = owner;  // Threads that shared a memory would overwrite this.
            EXPECT_GE(owner, 1U);
            EXPECT_LE(owner, limits::kIndexThreadsMax);
            EXPECT_EQ(memory.batch[0], owner);
            return {};
          });
      EXPECT_TRUE(status.ok());
      for (const std::atomic<int>& times : seen) EXPECT_EQ(times, 1);
    }
  }
}

TEST(Workers, AFailureEndsTheWork) {
  Workers workers;
  std::atomic<uint32_t> done = 0;
  const Status status =
      workers.run(1000000, 2, nullptr,
                  [&](uint32_t i, SearchScratch::Memory& /*memory*/, RowLocks::Owner /*owner*/) {
                    ++done;
                    return i == 20 ? Status(ENOSPC, "full") : Status();
                  });
  EXPECT_EQ(status.error(), ENOSPC);
  EXPECT_LT(done, 1000000U);
}

}  // namespace
}  // namespace vexfs::index
