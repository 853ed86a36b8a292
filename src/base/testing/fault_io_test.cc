// Tests of the fault model: it must catch the mistakes that the product does not make.
#include "base/testing/fault_io.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <string>

#include "base/fd.h"
#include "base/testing/temporary_directory.h"

namespace vexfs {
namespace {

using Keep = FaultIo::Keep;
using Files = std::map<std::string, std::string>;

const std::string kBefore = "the old bytes";

TEST(FaultIoTest, ARetriedSyncSucceedsAndStillLosesTheBytes) {
  TemporaryDirectory dir;
  const Fd fd = dir.create("log", "");
  FaultIo io(dir.fd().get(), {.step = 1});
  ASSERT_EQ(io.pwrite(fd.get(), "lost", 4, 0), 4);
  EXPECT_EQ(io.fsync(fd.get()), -1);
  EXPECT_EQ(io.fsync(fd.get()), 0);
  EXPECT_EQ(io.after_crash(Keep::kAll, Keep::kSynced).at("log"), "");
}

TEST(FaultIoTest, ARenameBeforeTheSyncShowsAnEmptyFile) {
  TemporaryDirectory dir;
  dir.create("file", kBefore);
  FaultIo io(dir.fd().get(), {});
  const Fd fd(io.openat(dir.fd().get(), "file.new", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(io.pwrite(fd.get(), "new", 3, 0), 3);
  ASSERT_EQ(io.renameat(dir.fd().get(), "file.new", dir.fd().get(), "file"), 0);
  EXPECT_EQ(io.after_crash(Keep::kAll, Keep::kSynced), (Files{{"file", ""}}));
  EXPECT_EQ(io.after_crash(Keep::kAll, Keep::kAll), (Files{{"file", "new"}}));
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kSynced), (Files{{"file", kBefore}}));
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kAll), (Files{{"file", kBefore}}));
}

TEST(FaultIoTest, ANameWithoutADirectorySyncMayGo) {
  TemporaryDirectory dir;
  FaultIo io(dir.fd().get(), {});
  const Fd fd(io.openat(dir.fd().get(), "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(io.pwrite(fd.get(), "new", 3, 0), 3);
  ASSERT_EQ(io.fsync(fd.get()), 0);
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kSynced), Files{});
  ASSERT_EQ(io.fsync(dir.fd().get()), 0);
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kSynced), (Files{{"file", "new"}}));
}

TEST(FaultIoTest, AnUnlinkedNameMayComeBackWithItsBytes) {
  TemporaryDirectory dir;
  const Fd fd = dir.create("file", kBefore);
  FaultIo io(dir.fd().get(), {});
  ASSERT_EQ(io.pwrite(fd.get(), "THE", 3, 0), 3);
  ASSERT_EQ(io.unlinkat(dir.fd().get(), "file", 0), 0);
  EXPECT_EQ(io.after_crash(Keep::kAll, Keep::kAll), Files{});
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kSynced), (Files{{"file", kBefore}}));
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kAll),
            (Files{{"file", "THE" + kBefore.substr(3)}}));
}

TEST(FaultIoTest, AFailedDirectorySyncLosesTheNames) {
  TemporaryDirectory dir;
  FaultIo io(dir.fd().get(), {.step = 1});
  const Fd fd(io.openat(dir.fd().get(), "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  EXPECT_EQ(io.fsync(dir.fd().get()), -1);
  EXPECT_EQ(io.fsync(dir.fd().get()), 0);
  EXPECT_EQ(io.after_crash(Keep::kSynced, Keep::kSynced), Files{});
}

TEST(FaultIoTest, FailsTheChosenStepOnceOrFromThereOn) {
  TemporaryDirectory dir;
  const Fd fd = dir.create("file", kBefore);
  char byte = 0;
  FaultIo once(dir.fd().get(), {.step = 1, .error = ENOSPC});
  EXPECT_EQ(once.pread(fd.get(), &byte, 1, 0), 1);
  EXPECT_FALSE(once.fired());
  EXPECT_EQ(once.pread(fd.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_TRUE(once.fired());
  EXPECT_EQ(once.pread(fd.get(), &byte, 1, 0), 1);
  FaultIo always(dir.fd().get(), {.step = 0, .persistent = true});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(always.pread(fd.get(), &byte, 1, 0), -1);
    EXPECT_EQ(errno, EIO);
  }
}

}  // namespace
}  // namespace vexfs
