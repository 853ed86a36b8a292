// FaultWatch on files that are cut off under their mappings.
#include "base/fault_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/limits.h"
#include "base/testing/temporary_directory.h"
#include "base/thread.h"

namespace vexfs {
namespace {

class FaultWatchTest : public testing::Test {
 protected:
  static constexpr size_t kPages = 4;

  FaultWatchTest() : page_(static_cast<size_t>(::sysconf(_SC_PAGESIZE))) {
    file_ = Fd(::open((directory_.path() + "/file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const std::string bytes(kPages * page_, 'x');
    EXPECT_EQ(::write(file_.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    void* const base = ::mmap(nullptr, kPages * page_, PROT_READ, MAP_SHARED, file_.get(), 0);
    EXPECT_NE(base, MAP_FAILED);
    base_ = static_cast<const volatile char*>(base);
  }
  ~FaultWatchTest() override { (void)::munmap(const_cast<char*>(base_), kPages * page_); }

  Result<FaultWatch> watch() { return FaultWatch::start(const_cast<char*>(base_), kPages * page_); }
  char at(size_t page) const { return base_[page * page_]; }
  void cut(size_t pages) {
    ASSERT_EQ(::ftruncate(file_.get(), static_cast<off_t>(pages * page_)), 0);
  }

  TemporaryDirectory directory_;
  size_t page_;
  Fd file_;
  const volatile char* base_ = nullptr;
};

TEST_F(FaultWatchTest, APageThatIsGoneReadsAsZerosAndIsRemembered) {
  Result<FaultWatch> watch = this->watch();
  ASSERT_TRUE(watch.ok());
  EXPECT_EQ(at(3), 'x');
  EXPECT_FALSE(watch.value().faulted());
  cut(2);
  EXPECT_EQ(at(1), 'x');
  EXPECT_FALSE(watch.value().faulted());
  EXPECT_EQ(at(2), 0);
  EXPECT_TRUE(watch.value().faulted());
  EXPECT_TRUE(FaultWatch::any_faulted());
  EXPECT_EQ(at(1), 'x');
  EXPECT_EQ(at(3), 0);
}

TEST_F(FaultWatchTest, ASmallStackIsEnough) {
  FaultWatch watch = std::move(this->watch().value());
  cut(1);
  struct Reader {
    void run() { read = *byte; }
    const volatile char* byte;
    char read;
  } reader{base_ + 2 * page_, 'x'};
  Result<Thread> thread =
      Thread::start<&Reader::run>({"fault", limits::kThreadStackBytesMin}, &reader);
  ASSERT_TRUE(thread.ok());
  thread.value().join();
  EXPECT_EQ(reader.read, 0);
  EXPECT_TRUE(watch.faulted());
}

using FaultWatchDeathTest = FaultWatchTest;

TEST_F(FaultWatchDeathTest, WhatIsNotWatchedEndsTheProcessAsBefore) {
  Result<FaultWatch> watch = this->watch();
  ASSERT_TRUE(watch.ok());
  watch = Status(ENOENT, "ended");
  cut(1);
  EXPECT_DEATH((void)at(2), "");
}

TEST_F(FaultWatchTest, ThereIsABoundAndPlacesAreUsedAgain) {
  std::vector<FaultWatch> watches;
  for (;;) {
    Result<FaultWatch> watch = this->watch();
    if (!watch.ok()) {
      EXPECT_EQ(watch.error(), ENOSPC);
      break;
    }
    watches.push_back(std::move(watch.value()));
  }
  EXPECT_LE(watches.size(), limits::kFaultWatchesMax);
  watches.pop_back();
  EXPECT_TRUE(watch().ok());
  cut(0);
  EXPECT_EQ(at(0), 0);
  EXPECT_TRUE(watches.front().faulted());
}

}  // namespace
}  // namespace vexfs
