// Tests of the wait for a daemon, with a child process in its place.
#include "fs/daemon/daemon_end.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/testing/temporary_directory.h"
#include "store/store_lock.h"

namespace vexfs::fs {
namespace {

class DaemonEndTest : public ::testing::Test {
 protected:
  // A child that has the lock of the source's store.
  void SetUp() override {
    ASSERT_EQ(::mkdirat(source_.fd().get(), ".vexfs", 0700), 0);
    const Fd store(::openat(source_.fd().get(), ".vexfs", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd reading(ends[0]);
    const Fd writing(ends[1]);
    child_ = ::fork();
    if (child_ == 0) {
      const Result<Fd> lock = store::take_store_lock(store);
      (void)!::write(writing.get(), lock.ok() ? "1" : "0", 1);
      (void)::pause();
    }
    char taken = 0;
    ASSERT_EQ(::read(reading.get(), &taken, 1), 1);
    ASSERT_EQ(taken, '1');
  }
  void TearDown() override { end_child(); }

  void end_child() {
    if (child_ <= 0) return;
    EXPECT_EQ(::kill(child_, SIGKILL), 0);
    EXPECT_EQ(::waitpid(child_, nullptr, 0), child_);
    child_ = 0;
  }
  Daemon daemon(bool known) const {
    Daemon daemon;
    daemon.source = source_.path();
    if (!known) return daemon;
    daemon.pid = child_;
    daemon.process = Fd(static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)));
    return daemon;
  }

  TemporaryDirectory source_;
  pid_t child_ = 0;
};

TEST_F(DaemonEndTest, OneThatStaysIsNamed) {
  for (const bool known : {false, true}) {
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(wait_for_end(daemon(known), 0).error(), EBUSY);
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("process " + std::to_string(child_)), std::string::npos) << said;
    EXPECT_NE(said.find("still has the store of " + source_.path()), std::string::npos) << said;
  }
}

TEST_F(DaemonEndTest, OneThatHasEndedIsDone) {
  const Daemon known = daemon(true);
  const Daemon unknown = daemon(false);
  end_child();
  EXPECT_TRUE(wait_for_end(known, 0).ok());
  EXPECT_TRUE(wait_for_end(unknown, 0).ok());
}

TEST_F(DaemonEndTest, AProcessWithoutTheDeviceServesNoMount) {
  EXPECT_FALSE(serves_a_mount(child_));
  EXPECT_FALSE(serves_a_mount(0));
}

TEST_F(DaemonEndTest, WithoutAStoreTheProcessCounts) {
  Daemon elsewhere = daemon(true);
  elsewhere.source.clear();
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(wait_for_end(elsewhere, 0).error(), EBUSY);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("has not ended yet"), std::string::npos);
  end_child();
  EXPECT_TRUE(wait_for_end(elsewhere, 0).ok());
}

}  // namespace
}  // namespace vexfs::fs
