// Order, marks and batches of the buffer; copies beside a writer that moves it.
#include "engine/space/pending_slots.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

namespace vexfs::engine {
namespace {

std::vector<uint32_t> copied(const PendingSlots& pending) {
  std::vector<Slot> out(limits::kPendingSlotsMax);
  out.resize(pending.copy(out));
  std::vector<uint32_t> numbers;
  for (const Slot slot : out) numbers.push_back(static_cast<uint32_t>(slot));
  return numbers;
}

std::vector<uint32_t> copied_backlog(const PendingSlots& pending, size_t at_a_time) {
  std::vector<Slot> out(at_a_time);
  std::vector<uint32_t> numbers;
  size_t position = 0;
  while (const size_t count = pending.copy_backlog(position, out)) {
    for (size_t i = 0; i < count; ++i) numbers.push_back(static_cast<uint32_t>(out[i]));
  }
  return numbers;
}

std::vector<uint32_t> batch(PendingSlots& pending, size_t size) {
  std::vector<Slot> out(size);
  out.resize(pending.begin_batch(out));
  std::vector<uint32_t> numbers;
  for (const Slot slot : out) numbers.push_back(static_cast<uint32_t>(slot));
  return numbers;
}

using Numbers = std::vector<uint32_t>;

TEST(PendingSlots, LeaveInTheOrderOfChanges) {
  PendingSlots pending;
  EXPECT_FALSE(pending.any());
  EXPECT_EQ(pending.change_before(), std::nullopt);
  pending.push(Slot{7}, 11);
  pending.push(Slot{3}, 12);
  pending.push(Slot{5}, 13);
  EXPECT_EQ(pending.size(), 3U);
  EXPECT_EQ(copied(pending), (Numbers{7, 3, 5}));
  EXPECT_EQ(pending.change_before(), 10U);
  EXPECT_EQ(batch(pending, 2), (Numbers{7, 3}));
  EXPECT_EQ(copied(pending), (Numbers{7, 3, 5})) << "found until it is linked";
  pending.finish_batch();
  EXPECT_EQ(copied(pending), (Numbers{5}));
  EXPECT_EQ(pending.change_before(), 12U);
}

TEST(PendingSlots, ABatchThatFailedWaitsOn) {
  PendingSlots pending;
  pending.push(Slot{1}, 1);
  EXPECT_EQ(batch(pending, 9), (Numbers{1}));
  pending.abandon_batch();
  EXPECT_EQ(batch(pending, 9), (Numbers{1}));
}

TEST(PendingSlots, RemovedAndHidden) {
  PendingSlots pending;
  for (uint32_t slot = 0; slot < 4; ++slot) pending.push(Slot{slot}, slot + 1);
  EXPECT_EQ(pending.remove(Slot{9}).place, PendingSlots::Place::kAbsent);
  EXPECT_EQ(pending.set_hidden(Slot{1}, true), PendingSlots::Place::kWaiting);
  EXPECT_EQ(pending.remove(Slot{2}).place, PendingSlots::Place::kWaiting);
  EXPECT_EQ(pending.remove(Slot{2}).place, PendingSlots::Place::kAbsent);
  EXPECT_EQ(copied(pending), (Numbers{0, 3}));
  EXPECT_EQ(pending.size(), 3U);
  EXPECT_EQ(batch(pending, 9), (Numbers{0, 1, 3})) << "what is hidden is linked all the same";
  EXPECT_EQ(pending.set_hidden(Slot{1}, false), PendingSlots::Place::kBeingLinked);
  EXPECT_EQ(copied(pending), (Numbers{0, 1, 3}));
  pending.set_hidden(Slot{1}, true);
  const PendingSlots::Taken taken = pending.remove(Slot{1});
  EXPECT_EQ(taken.place, PendingSlots::Place::kBeingLinked);
  EXPECT_TRUE(taken.hidden);
  pending.finish_batch();
  EXPECT_EQ(pending.size(), 0U);
  EXPECT_FALSE(pending.any());
}

TEST(PendingSlots, ABatchOfRemovedSlotsIsEmptyButEnds) {
  PendingSlots pending;
  pending.push(Slot{1}, 1);
  pending.remove(Slot{1});
  EXPECT_TRUE(pending.any());
  EXPECT_EQ(pending.size(), 0U);
  EXPECT_TRUE(batch(pending, 5).empty());
  pending.finish_batch();
  EXPECT_FALSE(pending.any());
}

TEST(PendingSlots, WrapsAround) {
  PendingSlots pending;
  uint32_t next = 0;
  for (int round = 0; round < 3; ++round) {
    for (; pending.room() > 0; ++next) pending.push(Slot{next}, next + 1);
    EXPECT_EQ(pending.size(), limits::kPendingSlotsMax);
    const Numbers all = copied(pending);
    ASSERT_EQ(all.size(), limits::kPendingSlotsMax);
    EXPECT_EQ(all.front(), next - limits::kPendingSlotsMax);
    EXPECT_EQ(all.back(), next - 1);
    EXPECT_EQ(pending.remove(Slot{all.front()}).place, PendingSlots::Place::kWaiting);
    EXPECT_EQ(batch(pending, 20000).size(), 19999U);
    pending.finish_batch();
    EXPECT_EQ(pending.room(), 20000U);
  }
}

TEST(PendingSlots, TheBacklogComesAfterTheRing) {
  PendingSlots pending;
  pending.set_backlog({Slot{30}, Slot{10}, Slot{20}, Slot{40}});
  EXPECT_TRUE(pending.has_backlog());
  pending.push(Slot{5}, 9);
  EXPECT_EQ(pending.size(), 5U);
  EXPECT_EQ(copied_backlog(pending, 3), (Numbers{10, 20, 30, 40}));
  EXPECT_EQ(pending.remove(Slot{20}).place, PendingSlots::Place::kWaiting);
  EXPECT_EQ(pending.set_hidden(Slot{30}, true), PendingSlots::Place::kWaiting);
  EXPECT_EQ(copied_backlog(pending, 1), (Numbers{10, 40}));
  EXPECT_EQ(batch(pending, 3), (Numbers{5}));
  pending.finish_batch();
  EXPECT_EQ(batch(pending, 3), (Numbers{10, 30}));
  EXPECT_EQ(pending.remove(Slot{10}).place, PendingSlots::Place::kBeingLinked);
  EXPECT_EQ(pending.remove(Slot{40}).place, PendingSlots::Place::kWaiting);
  pending.finish_batch();
  EXPECT_TRUE(batch(pending, 3).empty());
  pending.finish_batch();
  EXPECT_FALSE(pending.any());
  EXPECT_EQ(pending.size(), 0U);
}

// A reader that copies, and then looks into what was linked, finds each slot in one of them.
TEST(PendingSlots, NothingIsMissedBesideAWriter) {
  PendingSlots pending;
  constexpr uint32_t kSlots = 300'000;
  std::vector<std::atomic<bool>> linked(kSlots);
  std::atomic<uint32_t> pushed{0};
  std::atomic<bool> stop{false};
  std::atomic<uint32_t> missed{0};
  std::thread reader([&] {
    std::vector<Slot> out(limits::kPendingSlotsMax);
    std::vector<bool> seen(kSlots);
    while (!stop) {
      const uint32_t before = pushed.load();
      const size_t count = pending.copy(out);
      std::fill(seen.begin(), seen.end(), false);
      for (size_t i = 0; i < count; ++i) seen[static_cast<size_t>(out[i])] = true;
      for (uint32_t slot = 0; slot < before; ++slot) {
        if (!seen[slot] && !linked[slot]) ++missed;
      }
    }
  });
  std::vector<Slot> in_hand(1000);
  for (uint32_t slot = 0; slot < kSlots; ++slot) {
    if (pending.room() == 0) {
      const size_t count = pending.begin_batch(in_hand);
      for (size_t i = 0; i < count; ++i) linked[static_cast<size_t>(in_hand[i])] = true;
      pending.finish_batch();
    }
    pending.push(Slot{slot}, slot + 1);
    pushed = slot + 1;
  }
  stop = true;
  reader.join();
  EXPECT_EQ(missed, 0U);
}

}  // namespace
}  // namespace vexfs::engine
