// A waiter waits for the searches before it, for all of them and for no other.
#include "engine/space/search_epochs.h"

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace vexfs::engine {
namespace {

TEST(SearchEpochs, NothingRuns) {
  SearchEpochs epochs;
  epochs.wait_for_searches();
  { const SearchEpochs::Entered entered = epochs.enter(); }
  epochs.wait_for_searches();
}

TEST(SearchEpochs, WaitsForThoseBeforeAndNotForThoseAfter) {
  SearchEpochs epochs;
  std::optional<SearchEpochs::Entered> before = epochs.enter();
  std::atomic<bool> waited{false};
  std::thread waiter([&] {
    epochs.wait_for_searches();
    waited = true;
  });
  while (epochs.epoch() == 0) std::this_thread::yield();  // Until the wait has begun.
  EXPECT_FALSE(waited);
  const SearchEpochs::Entered after = epochs.enter();
  before.reset();
  waiter.join();  // While `after` has not left.
  EXPECT_TRUE(waited);
}

// What is freed after a wait must not be read by a search that found it before.
TEST(SearchEpochs, NoSearchSeesWhatWasFreed) {
  SearchEpochs epochs;
  std::atomic<int> reachable{0};
  std::vector<std::atomic<bool>> freed(20000);
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> searches;
  for (int i = 0; i < 3; ++i) {
    searches.emplace_back([&] {
      while (!stop) {
        const SearchEpochs::Entered entered = epochs.enter();
        const auto row = static_cast<size_t>(reachable.load());
        for (int look = 0; look < 20; ++look) {
          if (freed[row]) ++wrong;
        }
      }
    });
  }
  for (size_t row = 0; row + 1 < freed.size(); ++row) {
    reachable = static_cast<int>(row) + 1;
    epochs.wait_for_searches();
    freed[row] = true;
  }
  stop = true;
  for (std::thread& search : searches) search.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace vexfs::engine
