// Tests of RemoteLocks on a real file: owners exclude each other and others who lock the file
// itself.
#include "fs/locks/remote_locks.h"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/testing/temporary_directory.h"
#include "fs/locks/testing/lock_requests.h"

namespace vexfs::fs {
namespace {

constexpr uint64_t kAnn = 11;  // Owners.
constexpr uint64_t kBob = 22;

struct flock range_of(short type, off_t start = 0, off_t length = 0, pid_t pid = 0) {
  struct flock range = {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = start;
  range.l_len = length;
  range.l_pid = pid;
  return range;
}

class RemoteLocksTest : public testing::Test {
 protected:
  RemoteLocksTest() : locks_(AnsweredLocks::requests()) {
    EXPECT_TRUE(locks_.start().ok());
    path_ = directory_.path() + "/file";
    const Fd made(::open(path_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    EXPECT_TRUE(made.valid());
  }

  OpenFile open(int flags = O_RDWR, uint64_t node = 5) const {
    auto fd = std::make_shared<const Fd>(::open(path_.c_str(), flags | O_CLOEXEC));
    EXPECT_TRUE(fd->valid());
    return {std::move(fd), NodeId{node}, (flags & O_ACCMODE) != O_RDONLY, 0};
  }
  // The number of the request, for those that wait.
  uintptr_t ask(const OpenFile& file, uint64_t owner, const struct flock& range, bool waits) {
    const uintptr_t number = ++requests_;
    keep(number, locks_.set(AnsweredLocks::request(number), file, owner, range, waits));
    return number;
  }
  static void keep(uintptr_t number, RemoteLocks::Answer answer) {
    if (answer.has_value()) AnsweredLocks::keep(AnsweredLocks::request(number), *answer);
  }
  int set(const OpenFile& file, uint64_t owner, const struct flock& range) {
    return answers_.answer(ask(file, owner, range, false));
  }
  uintptr_t ask_file(const OpenFile& file, int operation) {
    const uintptr_t number = ++requests_;
    keep(number, locks_.flock(AnsweredLocks::request(number), file, operation));
    return number;
  }
  int flock(const OpenFile& file, int operation) {
    return answers_.answer(ask_file(file, operation));
  }
  // The lock that a program behind the mount meets when it locks the file.
  int lock_behind(short type, off_t start = 0, off_t length = 0) const {
    const OpenFile other = open();
    struct flock range = range_of(type, start, length);
    return ::fcntl(other.fd->get(), F_OFD_SETLK, &range) == 0 ? 0 : errno;
  }

  TemporaryDirectory directory_;
  std::string path_;
  uintptr_t requests_ = 0;
  AnsweredLocks answers_;
  RemoteLocks locks_;
};

TEST_F(RemoteLocksTest, OwnersExcludeEachOtherByRange) {
  const OpenFile file = open();
  EXPECT_EQ(set(file, kAnn, range_of(F_WRLCK, 10, 10)), 0);
  EXPECT_EQ(set(file, kBob, range_of(F_RDLCK, 15, 1)), EAGAIN);
  EXPECT_EQ(set(file, kBob, range_of(F_WRLCK, 20, 0)), 0);
  EXPECT_EQ(set(file, kAnn, range_of(F_WRLCK, 12, 2)), 0) << "its own is not in the way";
  EXPECT_EQ(set(file, kAnn, range_of(F_UNLCK, 12, 2)), 0);
  EXPECT_EQ(set(file, kBob, range_of(F_RDLCK, 12, 2)), 0);
  EXPECT_EQ(locks_.owners(), 2U);
}

TEST_F(RemoteLocksTest, TheyReachTheFileItself) {
  const OpenFile file = open();
  ASSERT_EQ(set(file, kAnn, range_of(F_RDLCK, 0, 10)), 0);
  EXPECT_EQ(lock_behind(F_WRLCK, 5, 1), EAGAIN);
  EXPECT_EQ(lock_behind(F_RDLCK, 5, 1), 0);
  locks_.drop(file, kAnn);
  EXPECT_EQ(lock_behind(F_WRLCK, 5, 1), 0);
  EXPECT_EQ(locks_.owners(), 0U);
  EXPECT_EQ(locks_.ranges(), 0U);
}

TEST_F(RemoteLocksTest, UnlockingWhatWasNeverLockedIsNoError) {
  const OpenFile file = open();
  EXPECT_EQ(set(file, kAnn, range_of(F_UNLCK)), 0);
  EXPECT_EQ(locks_.owners(), 0U);
}

TEST_F(RemoteLocksTest, ClosingTheLastDescriptorGivesBackWhatTheKernelDoesNotName) {
  const OpenFile file = open();
  const OpenFile other = open();
  ASSERT_EQ(set(file, kAnn, range_of(F_WRLCK, 0, 10)), 0);
  ASSERT_EQ(set(other, kBob, range_of(F_WRLCK, 10, 10)), 0);
  locks_.close(file);
  EXPECT_EQ(lock_behind(F_WRLCK, 0, 10), 0);
  EXPECT_EQ(lock_behind(F_WRLCK, 10, 10), EAGAIN);
}

TEST_F(RemoteLocksTest, ASharedLockIsKeptWhenAnExclusiveOneNeedsAnotherDescription) {
  const OpenFile reading = open(O_RDONLY);
  const OpenFile writing = open();
  ASSERT_EQ(set(reading, kAnn, range_of(F_RDLCK, 0, 10)), 0);
  ASSERT_EQ(set(reading, kAnn, range_of(F_RDLCK, 20, 10)), 0);
  ASSERT_EQ(set(reading, kBob, range_of(F_RDLCK, 0, 5)), 0);
  ASSERT_EQ(set(writing, kAnn, range_of(F_WRLCK, 20, 10)), 0);
  EXPECT_EQ(lock_behind(F_WRLCK, 5, 5), EAGAIN);
  EXPECT_EQ(lock_behind(F_RDLCK, 20, 1), EAGAIN);
  ASSERT_EQ(set(writing, kAnn, range_of(F_WRLCK, 0, 10)), EAGAIN) << "Bob reads";
  EXPECT_EQ(lock_behind(F_RDLCK, 5, 5), 0);
  ASSERT_EQ(set(reading, kAnn, range_of(F_UNLCK)), 0);
  EXPECT_EQ(lock_behind(F_WRLCK, 5, 0), 0);
}

TEST_F(RemoteLocksTest, TellsWhoIsInTheWay) {
  const OpenFile file = open();
  ASSERT_EQ(set(file, kAnn, range_of(F_RDLCK, 5, 7, 4321)), 0);
  ASSERT_EQ(set(file, kBob, range_of(F_RDLCK, 0, 2, 1234)), 0);
  Result<struct flock> found = locks_.get(file, kBob, range_of(F_WRLCK, 6, 0));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found.value().l_type, F_RDLCK);
  EXPECT_EQ(found.value().l_start, 5);
  EXPECT_EQ(found.value().l_len, 7);
  EXPECT_EQ(found.value().l_pid, 4321);
  found = locks_.get(file, kBob, range_of(F_RDLCK, 6, 0));
  EXPECT_EQ(found.value().l_type, F_UNLCK);
  constexpr uint64_t kNobodyYet = 33;
  found = locks_.get(file, kNobodyYet, range_of(F_WRLCK, 0, 1));
  EXPECT_EQ(found.value().l_pid, 1234);
}

TEST_F(RemoteLocksTest, AWaiterGetsWhatIsGivenBack) {
  const OpenFile file = open();
  ASSERT_EQ(set(file, kAnn, range_of(F_WRLCK)), 0);
  const uintptr_t waiting = ask(file, kBob, range_of(F_WRLCK), true);
  EXPECT_FALSE(answers_.has_answer(waiting));
  ASSERT_EQ(set(file, kAnn, range_of(F_UNLCK)), 0);
  EXPECT_EQ(answers_.answer(waiting), 0);
  EXPECT_EQ(set(file, kAnn, range_of(F_RDLCK)), EAGAIN);
}

TEST_F(RemoteLocksTest, AWaiterGetsWhatIsGivenBackBehindTheMount) {
  const OpenFile file = open();
  uintptr_t waiting = 0;
  {
    const OpenFile behind = open();
    struct flock range = range_of(F_WRLCK);
    ASSERT_EQ(::fcntl(behind.fd->get(), F_OFD_SETLK, &range), 0);
    waiting = ask(file, kBob, range_of(F_WRLCK), true);
    EXPECT_EQ(set(file, kAnn, range_of(F_RDLCK)), EAGAIN);
  }
  EXPECT_EQ(answers_.answer(waiting), 0);
}

TEST_F(RemoteLocksTest, AnInterruptedWaiterHoldsNothing) {
  const OpenFile file = open();
  ASSERT_EQ(set(file, kAnn, range_of(F_WRLCK)), 0);
  const uintptr_t waiting = ask(file, kBob, range_of(F_WRLCK), true);
  answers_.interrupt(waiting);
  EXPECT_EQ(answers_.answer(waiting), EINTR);
  ASSERT_EQ(set(file, kAnn, range_of(F_UNLCK)), 0);
  EXPECT_EQ(lock_behind(F_WRLCK), 0);
}

// Another thread of the process closes another descriptor; a library that reads the file does that.
TEST_F(RemoteLocksTest, AWaiterWhoseProcessClosesTheFileLosesWhatItHadAlone) {
  const OpenFile file = open();
  const OpenFile other = open();
  ASSERT_EQ(set(file, kAnn, range_of(F_WRLCK, 0, 10)), 0);
  ASSERT_EQ(set(file, kBob, range_of(F_WRLCK, 20, 10)), 0);
  const uintptr_t waiting = ask(file, kBob, range_of(F_WRLCK, 0, 10), true);
  locks_.drop(other, kBob);
  locks_.close(other);
  EXPECT_EQ(lock_behind(F_WRLCK, 20, 10), 0);
  ASSERT_EQ(set(file, kBob, range_of(F_WRLCK, 40, 10)), 0);
  ASSERT_EQ(set(file, kAnn, range_of(F_UNLCK)), 0);
  EXPECT_EQ(answers_.answer(waiting), 0);
  EXPECT_EQ(lock_behind(F_WRLCK, 0, 10), EAGAIN);
  EXPECT_EQ(lock_behind(F_WRLCK, 40, 10), EAGAIN);
  locks_.drop(file, kBob);
  locks_.drop(file, kAnn);
  EXPECT_EQ(lock_behind(F_WRLCK), 0);
  EXPECT_EQ(locks_.ranges(), 0U);
  EXPECT_EQ(locks_.owners(), 0U);
}

TEST_F(RemoteLocksTest, AnUnlockThroughAnotherDescriptorNeedsNoOther) {
  const OpenFile reading = open(O_RDONLY);
  ASSERT_EQ(set(reading, kAnn, range_of(F_RDLCK)), 0);
  const OpenFile gone = {std::make_shared<const Fd>(), NodeId{5}, true, 0};
  EXPECT_EQ(set(gone, kAnn, range_of(F_UNLCK)), 0);
  EXPECT_EQ(lock_behind(F_WRLCK), 0);
}

TEST_F(RemoteLocksTest, WhereTheFileCannotBeOpenedThereAreNoLocks) {
  const OpenFile gone = {std::make_shared<const Fd>(), NodeId{5}, true, 0};
  EXPECT_EQ(set(gone, kAnn, range_of(F_RDLCK)), ENOLCK);
  EXPECT_EQ(flock(gone, LOCK_SH), ENOLCK);
  EXPECT_EQ(set(gone, kAnn, range_of(F_UNLCK)), 0);
}

TEST_F(RemoteLocksTest, ACircleIsFound) {
  const OpenFile file = open();
  const OpenFile other = open(O_RDWR, 6);  // A node of its own, though one file here.
  ASSERT_EQ(set(file, kAnn, range_of(F_WRLCK, 0, 1)), 0);
  ASSERT_EQ(set(other, kBob, range_of(F_WRLCK, 1, 1)), 0);
  constexpr uint64_t kCarl = 33;
  ASSERT_EQ(set(file, kCarl, range_of(F_WRLCK, 2, 1)), 0);
  const uintptr_t bob = ask(file, kBob, range_of(F_WRLCK, 0, 1), true);
  const uintptr_t carl = ask(other, kCarl, range_of(F_RDLCK, 1, 1), true);
  EXPECT_EQ(answers_.answer(ask(file, kAnn, range_of(F_WRLCK, 2, 1), true)), EDEADLK);
  EXPECT_FALSE(answers_.has_answer(bob));
  locks_.drop(file, kAnn);
  EXPECT_EQ(answers_.answer(bob), 0);
  locks_.drop(other, kBob);
  EXPECT_EQ(answers_.answer(carl), 0);
}

TEST_F(RemoteLocksTest, ACircleThroughAnyHolderIsFound) {
  const OpenFile file = open();
  constexpr uint64_t kCarl = 33;
  ASSERT_EQ(set(file, kBob, range_of(F_RDLCK, 0, 1)), 0);  // Waits for nobody.
  ASSERT_EQ(set(file, kCarl, range_of(F_RDLCK, 0, 1)), 0);
  ASSERT_EQ(set(file, kAnn, range_of(F_WRLCK, 1, 1)), 0);
  const uintptr_t carl = ask(file, kCarl, range_of(F_WRLCK, 1, 1), true);
  EXPECT_EQ(answers_.answer(ask(file, kAnn, range_of(F_WRLCK, 0, 1), true)), EDEADLK);
  locks_.drop(file, kAnn);
  EXPECT_EQ(answers_.answer(carl), 0);
}

TEST_F(RemoteLocksTest, FileLocksBelongToTheOpenFile) {
  const OpenFile file = open();
  const OpenFile other = open();
  const OpenFile behind = open();
  ASSERT_EQ(flock(file, LOCK_EX), 0);
  EXPECT_EQ(flock(other, LOCK_SH | LOCK_NB), EWOULDBLOCK);
  EXPECT_EQ(::flock(behind.fd->get(), LOCK_SH | LOCK_NB), -1);
  const uintptr_t waiting = ask_file(other, LOCK_SH);
  EXPECT_FALSE(answers_.has_answer(waiting));
  ASSERT_EQ(flock(file, LOCK_SH), 0);
  EXPECT_EQ(answers_.answer(waiting), 0);
  locks_.close(file);
  locks_.close(other);
  EXPECT_EQ(::flock(behind.fd->get(), LOCK_EX | LOCK_NB), 0);
}

TEST_F(RemoteLocksTest, EveryBoundIsAnError) {
  // The limit that shells set is 1,024 descriptors, and a program may raise it.
  rlimit descriptors;
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &descriptors), 0);
  if (descriptors.rlim_max < limits::kLockOwnersMax + 256) GTEST_SKIP() << "too few descriptors";
  descriptors.rlim_cur = descriptors.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &descriptors), 0);
  const OpenFile file = open();
  for (uint64_t owner = 1; owner <= limits::kLockOwnersMax; ++owner) {
    const OpenFile of_owner = {file.fd, NodeId{owner}, false, 0};
    ASSERT_EQ(set(of_owner, owner, range_of(F_RDLCK, 0, 1)), 0) << owner;
  }
  EXPECT_EQ(set(file, limits::kLockOwnersMax + 1, range_of(F_RDLCK)), ENOLCK);
  const OpenFile first = {file.fd, NodeId{1}, false, 0};
  locks_.drop(first, 1);
  EXPECT_EQ(set(first, limits::kLockOwnersMax + 1, range_of(F_RDLCK)), 0);
}

TEST_F(RemoteLocksTest, RangesAreBounded) {
  // The kernel walks a list of all locks of a file, so the test uses many files with few locks
  // each.
  constexpr auto kEach = off_t{512};
  constexpr uint64_t kFiles = limits::kLockRangesMax / kEach;
  std::vector<OpenFile> files;
  for (uint64_t owner = 1; owner <= kFiles; ++owner) {
    const int fd = ::open(directory_.path().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    files.push_back({std::make_shared<const Fd>(fd), NodeId{owner}, true, 0});
    for (off_t at = 0; at < kEach; ++at) {
      ASSERT_EQ(set(files.back(), owner, range_of(F_RDLCK, 2 * at, 1)), 0);
    }
  }
  const OpenFile file = open();
  EXPECT_EQ(set(file, kAnn, range_of(F_RDLCK)), ENOLCK);
  ASSERT_EQ(set(files.front(), 1, range_of(F_UNLCK, 0, 1)), 0);
  ASSERT_EQ(set(files.front(), 1, range_of(F_RDLCK, 2 * kEach, 0)), 0);
  EXPECT_EQ(set(files.front(), 1, range_of(F_UNLCK, 3 * kEach, 1)), ENOLCK) << "two of one";
  EXPECT_EQ(set(files.front(), 1, range_of(F_UNLCK, 3 * kEach, 0)), 0);
  ASSERT_EQ(set(files.front(), 1, range_of(F_UNLCK, 2, 1)), 0);
  EXPECT_EQ(set(file, kAnn, range_of(F_RDLCK)), 0);
}

}  // namespace
}  // namespace vexfs::fs
