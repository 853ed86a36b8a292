// Tests of LockWaiters: each waiter is answered once, by a grant, an error or an interrupt.
#include "fs/locks/lock_waiters.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <set>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "fs/locks/lock_owner.h"
#include "fs/locks/testing/lock_requests.h"

namespace vexfs::fs {
namespace {

// Grants the locks that the test allows. The operation is the number of the request here.
class LockWaitersTest : public testing::Test, private LockAttempts {
 protected:
  LockWaitersTest() : waiters_(AnsweredLocks::requests(), *this) {}

  int attempt(const LockWaiter& waiter) override {
    ++attempts_;
    std::lock_guard lock(mutex_);
    tried_.push_back(waiter.operation);
    return free_.contains(waiter.operation) ? 0 : EAGAIN;
  }
  bool add(int number) {
    return waiters_.add({.req = AnsweredLocks::request(static_cast<uintptr_t>(number)),
                         .owner = owner_,
                         .operation = number});
  }
  void let(int number) {
    std::lock_guard lock(mutex_);
    free_.insert(number);
  }

  std::shared_ptr<LockOwner> owner_ =
      std::make_shared<LockOwner>(NodeId{5}, LockOwner::Kind::kFile, 77);
  AnsweredLocks locks_;
  std::atomic<int> attempts_{0};
  std::mutex mutex_;
  std::set<int> free_;
  std::vector<int> tried_;
  LockWaiters waiters_;
};

TEST_F(LockWaitersTest, WhatIsFreeMeanwhileIsGrantedAtOnce) {
  ASSERT_TRUE(waiters_.start().ok());
  let(1);
  ASSERT_TRUE(add(1));
  EXPECT_EQ(locks_.answer(1), 0);
  EXPECT_EQ(waiters_.size(), 0U);
}

TEST_F(LockWaitersTest, ALockOfOthersIsTriedForAgainAndAgain) {
  ASSERT_TRUE(waiters_.start().ok());
  ASSERT_TRUE(add(1));
  while (attempts_ < 3) std::this_thread::yield();  // Nobody says that it is free.
  EXPECT_FALSE(locks_.has_answer(1));
  let(1);
  EXPECT_EQ(locks_.answer(1), 0);
}

TEST_F(LockWaitersTest, TheFirstOneIsTriedFirst) {
  for (int number = 1; number <= 3; ++number) ASSERT_TRUE(add(number));
  for (int number = 1; number <= 3; ++number) let(number);
  ASSERT_TRUE(waiters_.start().ok());
  for (int number = 1; number <= 3; ++number)
    EXPECT_EQ(locks_.answer(static_cast<uintptr_t>(number)), 0);
  EXPECT_EQ(tried_, (std::vector<int>{1, 2, 3}));
}

TEST_F(LockWaitersTest, AnInterruptEndsTheWait) {
  ASSERT_TRUE(waiters_.start().ok());
  ASSERT_TRUE(add(1));
  ASSERT_TRUE(add(2));
  locks_.interrupt(1);
  EXPECT_EQ(locks_.answer(1), EINTR);
  EXPECT_FALSE(locks_.has_answer(2));
  let(2);
  waiters_.try_now();
  EXPECT_EQ(locks_.answer(2), 0);
}

TEST_F(LockWaitersTest, AnInterruptThatCameBeforeIsNotLost) {
  ASSERT_TRUE(waiters_.start().ok());
  locks_.interrupt(1);
  ASSERT_TRUE(add(1));
  EXPECT_EQ(locks_.answer(1), EINTR);
  EXPECT_EQ(attempts_, 0);
}

TEST_F(LockWaitersTest, TheEndAnswersAll) {
  ASSERT_TRUE(waiters_.start().ok());
  ASSERT_TRUE(add(1));
  ASSERT_TRUE(add(2));
  waiters_.stop();
  EXPECT_EQ(locks_.answer(1), ENOTCONN);
  EXPECT_EQ(locks_.answer(2), ENOTCONN);
}

TEST_F(LockWaitersTest, AFullQueueTakesNoMore) {
  constexpr auto kMax = static_cast<int>(limits::kLockWaitersMax);
  for (int number = 1; number <= kMax; ++number) ASSERT_TRUE(add(number));
  EXPECT_FALSE(add(kMax + 1));
  ASSERT_TRUE(waiters_.start().ok());
  waiters_.stop();
  EXPECT_EQ(locks_.answer(static_cast<uintptr_t>(kMax)), ENOTCONN);
  EXPECT_FALSE(locks_.has_answer(static_cast<uintptr_t>(kMax + 1)));
}

TEST_F(LockWaitersTest, TellsWhoWaitsForRanges) {
  const auto owner = std::make_shared<LockOwner>(NodeId{5}, LockOwner::Kind::kRanges, 77);
  ASSERT_TRUE(add(2));
  EXPECT_TRUE(waiters_.of_ranges().empty());
  ASSERT_TRUE(waiters_.add({.req = AnsweredLocks::request(1), .owner = owner}));
  ASSERT_EQ(waiters_.of_ranges().size(), 1U);
  EXPECT_EQ(waiters_.of_ranges().front().owner, owner);
}

TEST_F(LockWaitersTest, GrantsAndInterruptsAtOnceAnswerOnce) {
  ASSERT_TRUE(waiters_.start().ok());
  constexpr int kWaiters = 200;
  std::jthread sending([&] {
    for (int number = 1; number <= kWaiters; number += 2) {
      locks_.interrupt(static_cast<uintptr_t>(number));
    }
  });
  std::jthread letting([&] {
    for (int number = 1; number <= kWaiters; ++number) {
      if (number % 3 != 0 || number % 2 == 0) let(number);
      waiters_.try_now();
    }
  });
  for (int number = 1; number <= kWaiters; ++number) ASSERT_TRUE(add(number));
  for (int number = 1; number <= kWaiters; ++number) {
    const int answer = locks_.answer(static_cast<uintptr_t>(number));
    if (number % 2 == 0) {
      EXPECT_EQ(answer, 0) << number;
    } else {
      EXPECT_TRUE(answer == 0 || answer == EINTR) << number;
    }
  }
}

}  // namespace
}  // namespace vexfs::fs
