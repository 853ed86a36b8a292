// Tests of the waiters: each is answered once, by a grant, an error or an interrupt.
#include "fs/lock_waiters.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <set>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "fs/lock_owner.h"
#include "fs/lock_requests.h"

namespace vexfs::fs {
namespace {

// Grants what the test allows; by the operation, which is the request's number here.
class LockWaitersTest : public testing::Test {
 protected:
  LockWaitersTest() : waiters_(AnsweredLocks::requests(), &LockWaitersTest::attempt, this) {}

  static int attempt(void* self, const LockWaiter& waiter) {
    auto& test = *static_cast<LockWaitersTest*>(self);
    ++test.attempts_;
    std::lock_guard lock(test.mutex_);
    test.tried_.push_back(waiter.operation);
    return test.free_.contains(waiter.operation) ? 0 : EAGAIN;
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
  EXPECT_EQ(locks_.answer(1), EINTR);
  EXPECT_EQ(locks_.answer(2), EINTR);
}

TEST_F(LockWaitersTest, AFullQueueTakesNoMore) {
  constexpr auto kMax = static_cast<int>(limits::kLockWaitersMax);
  for (int number = 1; number <= kMax; ++number) ASSERT_TRUE(add(number));
  EXPECT_FALSE(add(kMax + 1));
  ASSERT_TRUE(waiters_.start().ok());
  waiters_.stop();
  EXPECT_EQ(locks_.answer(static_cast<uintptr_t>(kMax)), EINTR);
  EXPECT_FALSE(locks_.has_answer(static_cast<uintptr_t>(kMax + 1)));
}

TEST_F(LockWaitersTest, TellsWhatAnOwnerWaitsFor) {
  const auto owner = std::make_shared<LockOwner>(NodeId{5}, LockOwner::Kind::kRanges, 77);
  struct flock range = {};
  range.l_start = 9;
  ASSERT_TRUE(add(2));  // An open file of the same number.
  ASSERT_TRUE(waiters_.add({.req = AnsweredLocks::request(1), .owner = owner, .range = range}));
  ASSERT_TRUE(waiters_.waiter_of(77).has_value());
  EXPECT_EQ(waiters_.waiter_of(77)->range.l_start, 9);
  EXPECT_FALSE(waiters_.waiter_of(78).has_value());
}

TEST_F(LockWaitersTest, GrantsAndInterruptsAtOnceAnswerOnce) {
  ASSERT_TRUE(waiters_.start().ok());
  constexpr int kMany = 200;
  std::jthread interrupts([&] {
    for (int number = 1; number <= kMany; number += 2) {
      locks_.interrupt(static_cast<uintptr_t>(number));
    }
  });
  std::jthread grants([&] {
    for (int number = 1; number <= kMany; ++number) {
      if (number % 3 != 0 || number % 2 == 0) let(number);
      waiters_.try_now();
    }
  });
  for (int number = 1; number <= kMany; ++number) ASSERT_TRUE(add(number));
  for (int number = 1; number <= kMany; ++number) {
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
