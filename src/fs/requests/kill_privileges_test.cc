// Tests of the clearing of setuid and setgid: what stays, for whom, on which files.
#include "fs/requests/kill_privileges.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"
#include "fs/reply_buffer.h"
#include "fs/requests/handlers.h"

namespace vexfs::fs {
namespace {

class KillPrivilegesTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(allocate_reply_buffer().ok());
    file_ = directory_.create("file", "");
  }
  void TearDown() override { free_reply_buffer(); }

  // The mode that is left of `mode` after a write by a caller with these ids and no process.
  mode_t left_of(mode_t mode, uid_t uid, gid_t gid) {
    EXPECT_EQ(::fchmod(file_.get(), mode), 0);
    const Fd by_path(::openat(directory_.fd().get(), "file", O_PATH | O_CLOEXEC));
    EXPECT_TRUE(kill_privileges(by_path.get(), {uid, gid, 0, 0}).ok());
    return current_mode();
  }
  mode_t current_mode() {
    struct stat stat;
    EXPECT_EQ(::fstat(file_.get(), &stat), 0);
    return stat.st_mode & 07777;
  }

  const TemporaryDirectory directory_;
  Fd file_;
  const gid_t group_ = ::getegid();  // The file's, unless the directory says otherwise.
};

TEST_F(KillPrivilegesTest, SetuidAlwaysGoes) {
  EXPECT_EQ(left_of(04755, 0, 0), 0755U);
  EXPECT_EQ(left_of(04600, 1000, group_), 0600U);
}

TEST_F(KillPrivilegesTest, SetgidGoesWhereTheGroupMayExecute) {
  EXPECT_EQ(left_of(02755, 0, 0), 0755U);
  EXPECT_EQ(left_of(06710, 1000, group_), 0710U);
}

TEST_F(KillPrivilegesTest, SetgidWithoutExecutionStaysForRootAndTheGroup) {
  EXPECT_EQ(left_of(02744, 0, 12345), 02744U);
  EXPECT_EQ(left_of(02744, 1000, group_), 02744U);
  EXPECT_EQ(left_of(02744, 1000, group_ + 1), 0744U);
}

TEST_F(KillPrivilegesTest, OtherBitsStay) {
  EXPECT_EQ(left_of(01777, 1000, group_ + 1), 01777U);
  EXPECT_EQ(left_of(0, 1000, group_ + 1), 0U);
}

TEST_F(KillPrivilegesTest, DirectoriesKeepTheirs) {
  ASSERT_EQ(::fchmod(directory_.fd().get(), 02755), 0);
  EXPECT_TRUE(kill_privileges(directory_.fd().get(), {1000, group_ + 1, 0, 0}).ok());
  struct stat stat;
  ASSERT_EQ(::fstat(directory_.fd().get(), &stat), 0);
  EXPECT_NE(stat.st_mode & S_ISGID, 0U);
}

TEST_F(KillPrivilegesTest, ClearSetgidClearsNothingElse) {
  ASSERT_EQ(::fchmod(file_.get(), 07755), 0);
  EXPECT_TRUE(clear_setgid(file_.get()).ok());
  EXPECT_EQ(current_mode(), 05755U);
}

TEST_F(KillPrivilegesTest, SaysWhenThereIsNoFile) {
  EXPECT_EQ(kill_privileges(-1, {0, 0, 0, 0}).error(), EBADF);
  EXPECT_EQ(clear_setgid(-1).error(), EBADF);
}

}  // namespace
}  // namespace vexfs::fs
