// Tests of the wrappers: one holder at a time, locks that are given back, and waits.
#include "base/mutex.h"

#include <gtest/gtest.h>

#include <thread>

namespace vexfs {
namespace {

struct Counter {
  Mutex mutex;
  CondVar changed;
  int value GUARDED_BY(mutex) = 0;
};

TEST(MutexTest, OneHolderAtATime) {
  Counter counter;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) {
      const MutexLock lock(counter.mutex);
      ++counter.value;
    }
  });
  for (int i = 0; i < 1000; ++i) {
    const MutexLock lock(counter.mutex);
    ++counter.value;
  }
  other.join();
  const MutexLock lock(counter.mutex);
  EXPECT_EQ(counter.value, 2000);
}

TEST(MutexTest, IsFreeWhileALockIsGivenBack) {
  Mutex mutex;
  MutexLock lock(mutex);
  lock.unlock();
  const bool was_free = mutex.try_lock();
  EXPECT_TRUE(was_free);
  if (was_free) mutex.unlock();
  lock.lock();
}

TEST(SharedMutexTest, ReadersShareAndAWriterIsAlone) {
  struct {
    SharedMutex mutex;
    int value GUARDED_BY(mutex) = 0;
  } counter;
  {
    const ReaderLock lock(counter.mutex);
    int seen = -1;
    std::thread other([&] {
      const ReaderLock its_lock(counter.mutex);
      seen = counter.value;
    });
    other.join();  // It would never end if readers excluded each other.
    EXPECT_EQ(seen, 0);
  }
  const auto count = [&] {
    for (int i = 0; i < 1000; ++i) {
      const WriterLock lock(counter.mutex);
      ++counter.value;
    }
  };
  std::thread other(count);
  count();
  other.join();
  const ReaderLock lock(counter.mutex);
  EXPECT_EQ(counter.value, 2000);
}

TEST(CondVarTest, WakesWhoWaits) {
  Counter counter;
  std::thread other([&] {
    MutexLock lock(counter.mutex);
    while (counter.value != 1) counter.changed.wait(lock);
    counter.value = 2;
    counter.changed.notify_all();
  });
  {
    MutexLock lock(counter.mutex);
    counter.value = 1;
    counter.changed.notify_all();
    counter.changed.wait(lock, [&] {
      counter.mutex.assert_held();
      return counter.value == 2;
    });
    EXPECT_EQ(counter.value, 2);
  }
  other.join();
}

TEST(CondVarTest, WaitsNoLongerThanItIsTold) {
  Counter counter;
  MutexLock lock(counter.mutex);
  const auto most = std::chrono::milliseconds(1);
  EXPECT_FALSE(counter.changed.wait_for(lock, most, [] { return false; }));
  // Without a predicate a wait may end before its time, but it ends.
  (void)counter.changed.wait_for(lock, most);
  (void)counter.changed.wait_until(lock, std::chrono::steady_clock::now() + most);
}

}  // namespace
}  // namespace vexfs
