// Tests of the store's lock: one process has it, it goes with that process, and it names it.
#include "store/store_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing/temporary_directory.h"

namespace vexfs::store {
namespace {

class StoreLockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::mkdirat(source_.fd().get(), ".vexfs", 0700), 0);
    store_ = Fd(::openat(source_.fd().get(), ".vexfs", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(store_.valid());
  }

  TemporaryDirectory source_;
  Fd store_;
};

TEST_F(StoreLockTest, WhoHasItIsTold) {
  EXPECT_FALSE(store_lock_holder(source_.fd()).has_value());
  {
    const Result<Fd> lock = take_store_lock(store_);
    ASSERT_TRUE(lock.ok());
    EXPECT_EQ(store_lock_holder(source_.fd()), ::getpid());
    EXPECT_EQ(take_store_lock(store_).error(), EBUSY);
  }
  EXPECT_FALSE(store_lock_holder(source_.fd()).has_value()) << "the file stays, the lock does not";
  EXPECT_TRUE(take_store_lock(store_).ok());
}

TEST_F(StoreLockTest, ItEndsWithItsProcess) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd reading(ends[0]);
  Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    const Result<Fd> lock = take_store_lock(store_);
    (void)!::write(writing.get(), lock.ok() ? "1" : "0", 1);
    (void)::pause();
  }
  char taken = 0;
  ASSERT_EQ(::read(reading.get(), &taken, 1), 1);
  EXPECT_EQ(taken, '1');
  EXPECT_EQ(store_lock_holder(source_.fd()), child);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_FALSE(store_lock_holder(source_.fd()).has_value());
}

TEST_F(StoreLockTest, AHolderThatCannotBeNamedIsNone) {
  const Result<Fd> lock = take_store_lock(store_);
  ASSERT_TRUE(lock.ok());
  for (const std::string_view content : {"", "\n", "x\n", "0\n", "12", "-1\n", "99999999999\n"}) {
    ASSERT_EQ(::ftruncate(lock.value().get(), 0), 0);
    const auto bytes = static_cast<ssize_t>(content.size());
    ASSERT_EQ(::pwrite(lock.value().get(), content.data(), content.size(), 0), bytes);
    EXPECT_EQ(store_lock_holder(source_.fd()), 0) << content;
  }
}

TEST(StoreLockWithoutStoreTest, NobodyHasIt) {
  const TemporaryDirectory empty;
  EXPECT_FALSE(store_lock_holder(empty.fd()).has_value());
}

}  // namespace
}  // namespace vexfs::store
