// Tests of Thread: its stack, guard page, signals, names and failures.
#include "base/thread.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cstring>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/sanitizer.h"

namespace vexfs {
namespace {

Thread::Options options(size_t stack_bytes = limits::kThreadStackBytesDefault) {
  return {.name = "vexfs-test", .stack_bytes = stack_bytes};
}

TEST(ThreadTest, RunsWithItsArgumentAndName) {
  std::string name;
  Result<Thread> thread = Thread::start(
      options(),
      [](void* argument) {
        char own[16];
        ASSERT_EQ(pthread_getname_np(pthread_self(), own, sizeof own), 0);
        *static_cast<std::string*>(argument) = own;
      },
      &name);
  ASSERT_TRUE(thread.ok());
  thread.value().join();
  EXPECT_EQ(name, "vexfs-test");
}

TEST(ThreadTest, TheSmallestStackWorks) {
  bool ran = false;
  Result<Thread> thread = Thread::start(
      options(limits::kThreadStackBytesMin),
      [](void* argument) {
        char budget[limits::kRequestStackBytes];
        std::memset(budget, 1, sizeof budget);
        asm volatile("" : : "r"(budget) : "memory");
        *static_cast<bool*>(argument) = true;
      },
      &ran);
  ASSERT_TRUE(thread.ok()) << thread.status().what();
  thread.value().join();
  EXPECT_TRUE(ran);
}

// SIGBUS alone may come: blocked, a page that cannot be read would end the process.
TEST(ThreadTest, BlocksEverySignalButOneAndLeavesTheCallersMaskAlone) {
  sigset_t caller_before;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &caller_before), 0);
  ASSERT_FALSE(sigismember(&caller_before, SIGTERM));
  sigset_t inside;
  sigemptyset(&inside);
  Result<Thread> thread = Thread::start(
      options(),
      [](void* argument) { pthread_sigmask(SIG_BLOCK, nullptr, static_cast<sigset_t*>(argument)); },
      &inside);
  ASSERT_TRUE(thread.ok());
  thread.value().join();
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    // These two cannot be blocked, nor can the two that glibc reserves below SIGRTMIN.
    if (signal == SIGKILL || signal == SIGSTOP || signal >= 32) continue;
    EXPECT_EQ(sigismember(&inside, signal), signal != SIGBUS) << signal;
  }
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
    EXPECT_TRUE(sigismember(&inside, signal)) << signal;
  }
  sigset_t caller_after;
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, nullptr, &caller_after), 0);
  EXPECT_FALSE(sigismember(&caller_after, SIGTERM));
}

struct StackBounds {
  char* lowest = nullptr;
  size_t bytes = 0;
};

TEST(ThreadTest, RunsOnAStackOfTheAskedSize) {
  StackBounds bounds;
  Result<Thread> thread = Thread::start(
      options(),
      [](void* argument) {
        pthread_attr_t attributes;
        ASSERT_EQ(pthread_getattr_np(pthread_self(), &attributes), 0);
        auto& out = *static_cast<StackBounds*>(argument);
        void* lowest = nullptr;
        ASSERT_EQ(pthread_attr_getstack(&attributes, &lowest, &out.bytes), 0);
        out.lowest = static_cast<char*>(lowest);
        pthread_attr_destroy(&attributes);
      },
      &bounds);
  ASSERT_TRUE(thread.ok());
  thread.value().join();
  if (kSanitized) {
    EXPECT_GE(bounds.bytes, limits::kThreadStackBytesDefault);
  } else {
    EXPECT_EQ(bounds.bytes, limits::kThreadStackBytesDefault);
  }
}

TEST(ThreadDeathTest, OverrunningTheStackFaultsInTheGuardPage) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        Result<Thread> thread = Thread::start(
            options(),
            [](void*) {
              pthread_attr_t attributes;
              void* lowest = nullptr;
              size_t bytes = 0;
              pthread_getattr_np(pthread_self(), &attributes);
              pthread_attr_getstack(&attributes, &lowest, &bytes);
              static_cast<volatile char*>(lowest)[-1] = 1;
            },
            nullptr);
        thread.value().join();
      },
      "");
}

TEST(ThreadTest, MovesAndJoinsOnce) {
  int runs = 0;
  Result<Thread> started = Thread::start(
      options(), [](void* argument) { ++*static_cast<int*>(argument); }, &runs);
  ASSERT_TRUE(started.ok());
  Thread first(std::move(started.value()));
  Thread second(std::move(first));
  first.join();  // Nothing to do: moved from.
  second.join();
  second.join();
  EXPECT_EQ(runs, 1);
  Result<Thread> again = Thread::start(
      options(), [](void* argument) { ++*static_cast<int*>(argument); }, &runs);
  ASSERT_TRUE(again.ok());
  second = std::move(again.value());
  second.join();
  EXPECT_EQ(runs, 2);
}

TEST(ThreadTest, RefusesOptionsOutOfRange) {
  const auto error = [](const char* name, size_t stack_bytes) {
    return Thread::start(
               {.name = name, .stack_bytes = stack_bytes}, [](void*) {}, nullptr)
        .error();
  };
  EXPECT_EQ(error("x", limits::kThreadStackBytesMin - 1), EINVAL);
  EXPECT_EQ(error("x", limits::kThreadStackBytesMin + 1), EINVAL);
  EXPECT_EQ(error("x", ~size_t{0} & ~size_t{0xffff}), ENOMEM);
  EXPECT_EQ(error("sixteen-letters!", limits::kThreadStackBytesMin), EINVAL);
}

TEST(ThreadTest, RunsAMethod) {
  struct Counter {
    void run() { ++runs; }
    int runs = 0;
  } counter;
  auto thread = Thread::start<&Counter::run>({"method", limits::kThreadStackBytesMin}, &counter);
  ASSERT_TRUE(thread.ok());
  thread.value().join();
  EXPECT_EQ(counter.runs, 1);
}

}  // namespace
}  // namespace vexfs
