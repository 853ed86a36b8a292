// The order of the lanes, their bounds, and files that change while they are in hand.
#include "engine/indexing/text_queue.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "base/limits.h"

namespace vexfs::engine {
namespace {

using Lane = TextQueue::Lane;
using Pushed = TextQueue::Pushed;

TextJob job(uint32_t number) {
  TextJob one;
  one.key.bytes = sizeof number;
  std::memcpy(one.key.data.data(), &number, sizeof number);
  return one;
}

TEST(TextQueueTest, WhatChangedComesFirst) {
  TextQueue queue;
  EXPECT_EQ(queue.push(job(1), Lane::kScanned, false), Pushed::kYes);
  EXPECT_EQ(queue.push(job(2), Lane::kChanged, false), Pushed::kYes);
  EXPECT_EQ(queue.push(job(1), Lane::kChanged, false), Pushed::kInHand);
  EXPECT_EQ(queue.size(), 2U);
  EXPECT_EQ(queue.take(false)->key, job(2).key);
  EXPECT_EQ(queue.take(true)->key, job(1).key);
  EXPECT_FALSE(queue.take(false).has_value());
  EXPECT_TRUE(queue.in_hand(job(2).key));
  EXPECT_FALSE(queue.finish(job(2).key));
  EXPECT_TRUE(queue.finish(job(1).key));
  EXPECT_FALSE(queue.finish(job(1).key));
  EXPECT_EQ(queue.size(), 0U);
}

TEST(TextQueueTest, AFullLaneIsReportedOrWaitedFor) {
  TextQueue queue;
  for (uint32_t i = 0; i < limits::kTextJobsMax; ++i) {
    ASSERT_EQ(queue.push(job(i), Lane::kScanned, false), Pushed::kYes);
  }
  EXPECT_EQ(queue.push(job(limits::kTextJobsMax), Lane::kScanned, false), Pushed::kFull);
  EXPECT_EQ(queue.push(job(limits::kTextJobsMax + 1), Lane::kChanged, false), Pushed::kYes);
  std::thread pusher([&] {
    EXPECT_EQ(queue.push(job(limits::kTextJobsMax), Lane::kScanned, true), Pushed::kYes);
  });
  EXPECT_TRUE(queue.take(true).has_value());
  EXPECT_TRUE(queue.take(true).has_value());
  pusher.join();
}

TEST(TextQueueTest, AStopEndsAllWaits) {
  TextQueue queue;
  std::thread taker([&] { EXPECT_FALSE(queue.take(true).has_value()); });
  queue.stop();
  taker.join();
  EXPECT_EQ(queue.push(job(1), Lane::kScanned, true), Pushed::kStopped);
}

}  // namespace
}  // namespace vexfs::engine
