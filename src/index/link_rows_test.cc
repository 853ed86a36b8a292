// Readers of link rows see whole states, also while rows change.
#include "index/link_rows.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/sanitizer.h"

namespace vexfs::index {
namespace {

constexpr uint32_t kWidth = 32;

class LinkRowsTest : public testing::Test {
 protected:
  LinkRowsTest()
      : locks_(std::move(RowLocks::create()).value()),
        rows_(std::move(LinkRows::create(kWidth, 1, 100000, *locks_)).value()) {
    EXPECT_TRUE(rows_.grow(5000).ok());
    for (uint32_t row = 0; row < 5000; ++row) rows_.clear(row);
  }
  std::vector<uint32_t> read(uint32_t row) {
    std::vector<uint32_t> links;
    rows_.read(row, [&](uint32_t link) { links.push_back(link); });
    std::vector<uint32_t> copied(kWidth);
    copied.resize(rows_.copy(row, copied.data()));
    EXPECT_EQ(links, copied);
    return links;
  }

  std::unique_ptr<RowLocks> locks_;
  LinkRows rows_;
};

TEST_F(LinkRowsTest, AppendsUntilFull) {
  std::vector<uint32_t> expected;
  for (uint32_t i = 0; i < kWidth; ++i) {
    LockedRow row(rows_, 7, 1);
    EXPECT_EQ(row.count(), i);
    EXPECT_TRUE(row.append(100 + i));
    expected.push_back(100 + i);
    EXPECT_EQ(read(7), expected);
  }
  LockedRow row(rows_, 7, 1);
  EXPECT_FALSE(row.append(1));
  EXPECT_EQ(read(7), expected);
  EXPECT_TRUE(read(6).empty());
  EXPECT_TRUE(read(8).empty());
}

TEST_F(LinkRowsTest, ReplacesWithAnyNumberOfLinks) {
  std::vector<uint32_t> links(kWidth);
  for (uint32_t i = 0; i < kWidth; ++i) links[i] = i;
  for (const uint32_t count : {kWidth, 3U, 0U, kWidth - 1, kWidth}) {
    LockedRow(rows_, 9, 64).replace(links.data(), count);
    EXPECT_EQ(read(9), std::vector<uint32_t>(links.begin(), links.begin() + count));
  }
  rows_.clear(9);
  EXPECT_TRUE(read(9).empty());
}

TEST_F(LinkRowsTest, HeadersAreTheCallers) {
  rows_.header(3, 0).store(42);
  LockedRow(rows_, 3, 1).append(5);
  EXPECT_EQ(rows_.header(3, 0).load(), 42U);
  EXPECT_EQ(read(3), std::vector<uint32_t>{5});
}

// Two threads write rows, some of which share a lock. The links of a state are all the same number,
// which also says how many there are, so a copy shows whether it is one state or a mixture.
TEST_F(LinkRowsTest, ACopyIsOneState) {
  constexpr int kChanges = kSanitized ? 3000 : 30000;
  const std::vector<uint32_t> shared = {0, 1024, 2048, 5};
  std::atomic<int> running = 2;
  const auto write = [&](RowLocks::Owner owner) {
    for (uint32_t i = 1; i <= kChanges; ++i) {
      const std::vector<uint32_t> links(kWidth, i);
      LockedRow(rows_, shared[i % shared.size()], owner).replace(links.data(), i % kWidth);
    }
    --running;
  };
  std::thread first(write, 1);
  std::thread second(write, 2);
  std::vector<uint32_t> copied(kWidth);
  do {
    for (const uint32_t row : shared) {
      const uint32_t count = rows_.copy(row, copied.data());
      for (uint32_t i = 0; i < count; ++i) ASSERT_EQ(copied[i], copied[0]);
      ASSERT_TRUE(count == 0 || count == copied[0] % kWidth);
    }
  } while (running > 0);
  first.join();
  second.join();
}

TEST_F(LinkRowsTest, AppendingThreadsLoseNothing) {
  std::vector<std::thread> threads;
  for (uint32_t owner = 1; owner <= 4; ++owner)
    threads.emplace_back([&, owner] {
      for (uint32_t i = 0; i < kWidth / 4; ++i) LockedRow(rows_, 1, owner).append(owner * 100 + i);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read(1).size(), kWidth);
}

}  // namespace
}  // namespace vexfs::index
