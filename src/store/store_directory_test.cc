// Who may open the store's directory, and each failure in turn.
#include "store/store_directory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>

#include "base/durable_file.h"
#include "base/testing/fault_io.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::store {
namespace {

using Access = StoreDirectory::Access;

TEST(CheckSpaceNameTest, TakesFileNamesOfLowerCase) {
  for (const char* good : {"text", "a", "0", "clip-vit_b32", "x_", "9-"}) {
    EXPECT_TRUE(check_space_name(good).ok()) << good;
  }
  for (const char* bad : {"", "-a", "_a", "A", "a/b", "..", ".", "a.b", "a b", "\xc3\xa4"}) {
    EXPECT_EQ(check_space_name(bad).error(), EINVAL) << bad;
  }
  EXPECT_TRUE(check_space_name(std::string(64, 'a')).ok());
  EXPECT_EQ(check_space_name(std::string(65, 'a')).error(), EINVAL);
  EXPECT_EQ(check_space_name(std::string_view("a\0b", 3)).error(), EINVAL);
}

TEST(CheckSpaceNameTest, TheStoresOwnMayEndInATilde) {
  EXPECT_TRUE(check_stored_name("text").ok());
  EXPECT_TRUE(check_stored_name("text~").ok());
  EXPECT_EQ(check_space_name("text~").error(), EINVAL);
  for (const std::string& bad : {std::string("~"), std::string("te~xt"), std::string("text~~"),
                                 std::string(64, 'a') + "~", std::string()}) {
    EXPECT_EQ(check_stored_name(bad).error(), EINVAL) << bad;
  }
}

TEST(StoreDirectoryTest, IsMadeByAWriterAndForItsOwnerAlone) {
  const TemporaryDirectory source;
  EXPECT_FALSE(store_exists(source.fd()));
  EXPECT_EQ(StoreDirectory::open(system_io(), source.fd(), Access::kReadOnly).error(), ENOENT);
  const auto store = StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite);
  ASSERT_TRUE(store.ok());
  EXPECT_TRUE(store_exists(source.fd()));
  struct stat made;
  ASSERT_EQ(::stat(source.path(".vexfs").c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0700U);
}

TEST(StoreDirectoryTest, HasOneWriterAndAnyReaders) {
  const TemporaryDirectory source;
  {
    const auto writer = StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite);
    ASSERT_TRUE(writer.ok());
    EXPECT_EQ(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).error(), EBUSY);
    EXPECT_TRUE(StoreDirectory::open(system_io(), source.fd(), Access::kReadOnly).ok());
  }
  EXPECT_TRUE(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).ok());
}

TEST(StoreDirectoryTest, TheLockGoesWithItsProcess) {
  const TemporaryDirectory source;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto store = StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite);
    ::_exit(store.ok() ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).ok());
}

TEST(StoreDirectoryTest, RefusesWhatOthersMayHavePlanted) {
  const TemporaryDirectory source;
  ASSERT_EQ(::symlink("/tmp", source.path(".vexfs").c_str()), 0);
  EXPECT_FALSE(store_exists(source.fd()));
  EXPECT_FALSE(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).ok());
  ASSERT_EQ(::unlink(source.path(".vexfs").c_str()), 0);

  ASSERT_EQ(::mkdir(source.path(".vexfs").c_str(), 0700), 0);
  ASSERT_EQ(::chmod(source.path(".vexfs").c_str(), 0770), 0);
  EXPECT_EQ(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).error(), EPERM);
  ASSERT_EQ(::chmod(source.path(".vexfs").c_str(), 0700), 0);
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to give a directory away";
  ASSERT_EQ(::chown(source.path(".vexfs").c_str(), 12345, 12345), 0);
  EXPECT_EQ(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).error(), EPERM);
  ASSERT_EQ(::chown(source.path("").c_str(), 12345, 12345), 0);
  EXPECT_TRUE(StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite).ok());
}

TEST(StoreDirectoryTest, FoldersOfSpacesComeAndGo) {
  const TemporaryDirectory source;
  const auto store = StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite);
  ASSERT_TRUE(store.ok());
  const StoreDirectory& directory = store.value();
  EXPECT_TRUE(directory.space_folders().value().empty());
  EXPECT_TRUE(directory.remove_space("text").ok());
  EXPECT_EQ(directory.space("text", false).error(), ENOENT);
  EXPECT_EQ(directory.space("../text", true).error(), EINVAL);
  {
    const auto space = directory.space("text", true);
    ASSERT_TRUE(space.ok());
    const Fd file(::openat(space.value().get(), "vectors", O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    ASSERT_TRUE(file.valid());
  }
  EXPECT_TRUE(directory.space("text", false).ok());
  EXPECT_EQ(directory.space_folders().value(), std::vector<std::string>{"text"});
  EXPECT_TRUE(directory.remove_space("text").ok());
  EXPECT_TRUE(directory.space_folders().value().empty());
}

TEST(StoreDirectoryTest, OneFolderTakesThePlaceOfAnother) {
  const TemporaryDirectory source;
  const auto store = StoreDirectory::open(system_io(), source.fd(), Access::kReadWrite);
  ASSERT_TRUE(store.ok());
  const StoreDirectory& directory = store.value();
  EXPECT_TRUE(directory.replace_space("text~", "text").ok()) << "there are no spaces";
  const auto make = [&](const char* space, const char* file) {
    const auto folder = directory.space(space, true);
    return Fd(::openat(folder.value().get(), file, O_CREAT | O_WRONLY | O_CLOEXEC | O_EXCL, 0600));
  };
  ASSERT_TRUE(make("text", "old").valid());
  EXPECT_TRUE(directory.replace_space("text~", "text").ok()) << "it was done before";
  EXPECT_FALSE(make("text", "old").valid());
  ASSERT_TRUE(make("text~", "new").valid());
  ASSERT_TRUE(directory.replace_space("text~", "text").ok());
  EXPECT_EQ(directory.space_folders().value(), std::vector<std::string>{"text"});
  EXPECT_FALSE(make("text", "new").valid());
  EXPECT_EQ(directory.replace_space("../x", "text").error(), EINVAL);
}

// Whatever fails, the next try succeeds.
TEST(StoreDirectoryTest, EveryFailureIsToldAndMended) {
  bool fired = true;
  for (int step = 0; fired; ++step) {
    const TemporaryDirectory source;
    FaultIo io(source.fd().get(), {.step = step});
    const auto attempt = [&]() -> Status {
      VEXFS_TRY(store, StoreDirectory::open(io, source.fd(), Access::kReadWrite));
      VEXFS_TRY(space, store.space("text", true));
      (void)space;
      return Status();
    };
    const Status status = attempt();
    fired = io.fired();
    EXPECT_EQ(status.error(), fired ? EIO : 0) << step;
    EXPECT_TRUE(!fired || attempt().ok()) << step;
    ASSERT_LT(step, 20);
  }
}

}  // namespace
}  // namespace vexfs::store
