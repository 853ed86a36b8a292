// Locks between processes: flock, POSIX record locks, and open file description locks.
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "tests/e2e/support/posix_test.h"
#include "tests/e2e/support/process.h"

namespace vexfs::e2e {
namespace {

class Locks : public PosixTest {
 protected:
  void SetUp() override {
    PosixTest::SetUp();
    make_file("file", std::string(100, 'x'));
  }
  // Tries the lock in another process, which opens the file itself.
  int elsewhere(const std::function<int(int)>& body) const {
    return in_child([&] {
      const Fd fd(::open(path("file").c_str(), O_RDWR | O_CLOEXEC));
      return fd.valid() ? body(fd.get()) : 200;
    });
  }
};

int record_lock(int fd, int command, short type, off_t start = 0, off_t length = 0) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = start;
  lock.l_len = length;
  return ::fcntl(fd, command, &lock);
}

TEST_F(Locks, FlockExcludes) {
  Fd fd = open_fd(path("file"), O_RDWR);
  ASSERT_OK(::flock(fd.get(), LOCK_EX));
  const auto try_shared = [](int other) { return error_of(::flock(other, LOCK_SH | LOCK_NB)); };
  EXPECT_EQ(elsewhere(try_shared), EWOULDBLOCK);
  Fd second = open_fd(path("file"), O_RDWR);  // Another description in the same process, too.
  EXPECT_ERRNO(EWOULDBLOCK, ::flock(second.get(), LOCK_EX | LOCK_NB));
  ASSERT_OK(::flock(fd.get(), LOCK_SH));
  EXPECT_EQ(elsewhere(try_shared), 0);
  EXPECT_EQ(elsewhere([](int other) { return error_of(::flock(other, LOCK_EX | LOCK_NB)); }),
            EWOULDBLOCK);
  ASSERT_OK(::flock(fd.get(), LOCK_UN));
  EXPECT_OK(::flock(second.get(), LOCK_EX | LOCK_NB));
}

TEST_F(Locks, FlockBelongsToTheDescription) {
  Fd fd = open_fd(path("file"), O_RDWR);
  Fd copy(::dup(fd.get()));
  Fd other = open_fd(path("file"), O_RDWR);
  ASSERT_OK(::flock(fd.get(), LOCK_EX));
  EXPECT_EQ(in_child([&] { return error_of(::flock(copy.get(), LOCK_EX | LOCK_NB)); }), 0);
  fd.reset();
  EXPECT_ERRNO(EWOULDBLOCK, ::flock(other.get(), LOCK_EX | LOCK_NB));
  copy.reset();
  EXPECT_OK(::flock(other.get(), LOCK_EX | LOCK_NB));
}

TEST_F(Locks, FlockIsReleasedWhenTheHolderDies) {
  Gate locked;
  Child holder([&] {
    const Fd own(::open(path("file").c_str(), O_RDWR));
    if (::flock(own.get(), LOCK_EX) != 0) return 1;
    locked.open();
    ::pause();
    return 0;
  });
  ASSERT_TRUE(locked.wait());
  Fd fd = open_fd(path("file"), O_RDWR);
  EXPECT_ERRNO(EWOULDBLOCK, ::flock(fd.get(), LOCK_EX | LOCK_NB));
  holder.kill();
  holder.wait();
  EXPECT_TRUE(eventually([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0; }));
}

TEST_F(Locks, RecordLocksExcludeByRange) {
  Fd fd = open_fd(path("file"), O_RDWR);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_WRLCK, 10, 10));
  const auto try_range = [&](short type, off_t start, off_t length) {
    return elsewhere(
        [&](int other) { return error_of(record_lock(other, F_SETLK, type, start, length)); });
  };
  EXPECT_EQ(try_range(F_RDLCK, 15, 1), EAGAIN);
  EXPECT_EQ(try_range(F_WRLCK, 0, 11), EAGAIN);
  EXPECT_EQ(try_range(F_WRLCK, 0, 10), 0);
  EXPECT_EQ(try_range(F_WRLCK, 20, 0), 0);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_UNLCK, 12, 2));
  EXPECT_EQ(try_range(F_WRLCK, 12, 2), 0);
  EXPECT_EQ(try_range(F_WRLCK, 12, 3), EAGAIN);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_RDLCK, 0, 0));
  EXPECT_EQ(try_range(F_RDLCK, 0, 0), 0);
  EXPECT_EQ(try_range(F_WRLCK, 50, 1), EAGAIN);
}

TEST_F(Locks, RecordLocksTellWhoHoldsThem) {
  Fd fd = open_fd(path("file"), O_RDWR);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_WRLCK, 5, 7));
  const pid_t self = ::getpid();
  EXPECT_EQ(elsewhere([&](int other) {
              struct flock lock {};
              lock.l_type = F_RDLCK;
              lock.l_whence = SEEK_SET;
              if (::fcntl(other, F_GETLK, &lock) != 0) return 1;
              if (lock.l_type != F_WRLCK) return 2;
              if (lock.l_pid != self) return 3;
              return lock.l_start == 5 && lock.l_len == 7 ? 0 : 4;
            }),
            0);
}

TEST_F(Locks, ClosingAnyDescriptorDropsRecordLocks) {
  Fd fd = open_fd(path("file"), O_RDWR);
  Fd other = open_fd(path("file"), O_RDWR);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_WRLCK));
  const auto try_lock = [](int own) { return error_of(record_lock(own, F_SETLK, F_WRLCK)); };
  EXPECT_EQ(elsewhere(try_lock), EAGAIN);
  other.reset();
  EXPECT_EQ(elsewhere(try_lock), 0);
}

TEST_F(Locks, DescriptionLocksBelongToTheDescription) {
  Fd fd = open_fd(path("file"), O_RDWR);
  Fd other = open_fd(path("file"), O_RDWR);
  ASSERT_OK(record_lock(fd.get(), F_OFD_SETLK, F_WRLCK, 0, 10));
  EXPECT_ERRNO(EAGAIN, record_lock(other.get(), F_OFD_SETLK, F_RDLCK, 5, 1));
  EXPECT_EQ(elsewhere([](int own) { return error_of(record_lock(own, F_SETLK, F_RDLCK)); }),
            EAGAIN);
  other.reset();  // Closing another descriptor keeps the lock, unlike with record locks.
  EXPECT_EQ(elsewhere([](int own) { return error_of(record_lock(own, F_OFD_SETLK, F_RDLCK)); }),
            EAGAIN);
  fd.reset();
  EXPECT_EQ(elsewhere([](int own) { return error_of(record_lock(own, F_OFD_SETLK, F_RDLCK)); }), 0);
}

TEST_F(Locks, AWaiterGetsTheLock) {
  Fd fd = open_fd(path("file"), O_RDWR);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_WRLCK));
  Gate started;
  Child waiter([&] {
    const Fd own(::open(path("file").c_str(), O_RDWR));
    started.open();
    return error_of(record_lock(own.get(), F_SETLKW, F_WRLCK));
  });
  ASSERT_TRUE(started.wait());
  ASSERT_TRUE(waiter.sleeps_within(10000));
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_UNLCK));
  ASSERT_TRUE(waiter.exited_within(10000));
  EXPECT_EQ(waiter.wait(), 0);
}

TEST_F(Locks, DeadlocksAreFound) {
  Fd fd = open_fd(path("file"), O_RDWR);
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_WRLCK, 0, 1));
  Gate started;
  Child other([&] {
    const Fd own(::open(path("file").c_str(), O_RDWR));
    if (record_lock(own.get(), F_SETLK, F_WRLCK, 1, 1) != 0) return 1;
    started.open();
    return error_of(record_lock(own.get(), F_SETLKW, F_WRLCK, 0, 1));
  });
  ASSERT_TRUE(started.wait());
  ASSERT_TRUE(other.sleeps_within(10000));
  // Either of the two may be the one that finds the other waiting.
  const int own_error = error_of(record_lock(fd.get(), F_SETLKW, F_WRLCK, 1, 1));
  ASSERT_OK(record_lock(fd.get(), F_SETLK, F_UNLCK));
  const int other_error = other.wait();
  EXPECT_EQ(std::min(own_error, other_error), 0);
  EXPECT_EQ(std::max(own_error, other_error), EDEADLK);
}

enum class Kind { kFlock, kRecord, kDescription };
class LockWaiter : public Locks, public ::testing::WithParamInterface<Kind> {};

int wait_for_lock(int fd, Kind kind) {
  switch (kind) {
    case Kind::kFlock:
      return ::flock(fd, LOCK_EX);
    case Kind::kRecord:
      return record_lock(fd, F_SETLKW, F_WRLCK);
    case Kind::kDescription:
      return record_lock(fd, F_OFD_SETLKW, F_WRLCK);
  }
  return -1;
}

TEST_P(LockWaiter, DiesWhenItIsKilled) {
  Fd fd = open_fd(path("file"), O_RDWR);
  ASSERT_OK(wait_for_lock(fd.get(), GetParam()));
  Gate started;
  Child waiter([&] {
    const Fd own(::open(path("file").c_str(), O_RDWR));
    started.open();
    return error_of(wait_for_lock(own.get(), GetParam()));
  });
  ASSERT_TRUE(started.wait());
  ASSERT_TRUE(waiter.sleeps_within(10000));
  waiter.kill();
  ASSERT_TRUE(waiter.exited_within(10000)) << "the waiter cannot be killed";
  EXPECT_EQ(waiter.wait(), Child::kSignalled + SIGKILL);
}

INSTANTIATE_TEST_SUITE_P(Every, LockWaiter,
                         ::testing::Values(Kind::kFlock, Kind::kRecord, Kind::kDescription));

}  // namespace
}  // namespace vexfs::e2e
