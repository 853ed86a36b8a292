// Parts come out in order, and a full queue makes push() wait.
#include "engine/indexing/ready_parts.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

std::vector<TextPart> parts_of(std::initializer_list<size_t> passages) {
  std::vector<TextPart> parts;
  for (const size_t count : passages) {
    parts.emplace_back();
    parts.back().passages.resize(count);
  }
  return parts;
}

TEST(ReadyPartsTest, TakesInOrderUpToABound) {
  ReadyParts ready;
  std::vector<TextPart> parts = parts_of({3, 0, 5, 100});
  EXPECT_TRUE(ready.push(parts));
  EXPECT_TRUE(parts.empty());
  std::vector<TextPart> taken = ready.take(6);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].passages.size(), 3U);
  EXPECT_EQ(ready.take(6).size(), 1U);
  EXPECT_EQ(ready.take(6).size(), 1U) << "the first part may be larger";
  EXPECT_TRUE(ready.take(6).empty());
  EXPECT_TRUE(ready.empty());
}

TEST(ReadyPartsTest, PushWaitsForRoom) {
  ReadyParts ready;
  std::vector<TextPart> full = parts_of({limits::kReadyPassagesMax});
  EXPECT_TRUE(ready.push(full));
  std::thread pusher([&] {
    std::vector<TextPart> more = parts_of({1});
    EXPECT_TRUE(ready.push(more));
    more = parts_of({limits::kReadyPassagesMax, 1});
    EXPECT_FALSE(ready.push(more));
  });
  EXPECT_EQ(ready.take(1).size(), 1U);
  while (ready.empty()) std::this_thread::yield();
  ready.stop();
  pusher.join();
}

}  // namespace
}  // namespace vexfs::engine
