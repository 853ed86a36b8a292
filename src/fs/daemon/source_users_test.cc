// Tests of who reaches a source besides the mount, with child processes as the programs.
#include "fs/daemon/source_users.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/testing/temporary_directory.h"

namespace vexfs::fs {
namespace {

enum class Use { kNone, kWorkingDirectory, kOpenFile };

// What processes_in(source) finds while a child uses `used` in this way: the child or nobody.
bool is_found(const std::string& source, const std::string& used, Use use) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const Fd reading(ends[0]);
  const Fd writing(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    bool done = ::chdir("/") == 0;
    if (use == Use::kWorkingDirectory) done = ::chdir(used.c_str()) == 0;
    if (use == Use::kOpenFile) done = ::open(used.c_str(), O_RDONLY) >= 0;
    (void)!::write(writing.get(), done ? "1" : "0", 1);
    (void)::pause();
  }
  char done = 0;
  EXPECT_EQ(::read(reading.get(), &done, 1), 1);
  EXPECT_EQ(done, '1');
  const std::vector<pid_t> found = processes_in(source);
  EXPECT_EQ(::kill(child, SIGKILL), 0);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(found.empty() || found == std::vector<pid_t>{child});
  return !found.empty();
}

TEST(SourceUsersTest, ProgramsAreFoundByWhatTheyHave) {
  const TemporaryDirectory directory;
  const std::string source = directory.path("source");
  for (const char* name : {"source", "source/sub", "source-beside"}) {
    ASSERT_EQ(::mkdirat(directory.fd().get(), name, 0755), 0);
  }
  EXPECT_FALSE(is_found(source, source, Use::kNone));
  for (const Use use : {Use::kWorkingDirectory, Use::kOpenFile}) {
    EXPECT_TRUE(is_found(source, source, use));
    EXPECT_TRUE(is_found(source, source + "/sub", use));
    EXPECT_FALSE(is_found(source, directory.path("source-beside"), use));
    EXPECT_FALSE(is_found(source, directory.path(), use));
  }
}

TEST(SourceUsersTest, FilesystemsBelowAreThoseOfTheKernelsList) {
  const std::vector<std::string> below = filesystems_below("/");
  EXPECT_NE(std::find(below.begin(), below.end(), "/proc"), below.end());
  EXPECT_TRUE(filesystems_below("/proc/self").empty());
  const TemporaryDirectory directory;
  EXPECT_TRUE(filesystems_below(directory.path()).empty());
}

TEST(SourceUsersTest, AFewAreNamedAndTheRestCounted) {
  EXPECT_EQ(first_of({}), "");
  EXPECT_EQ(first_of({"a"}), "a");
  EXPECT_EQ(first_of({"a", "b"}), "a and b");
  EXPECT_EQ(first_of({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(first_of({"a", "b", "c", "d", "e"}), "a, b, c and 2 more");
}

}  // namespace
}  // namespace vexfs::fs
