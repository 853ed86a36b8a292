// Tests of the words for processes: the command, the state, and processes that are gone.
#include "fs/daemon/process_words.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vexfs::fs {
namespace {

TEST(ProcessWordsTest, AProcessIsNamedByNumberAndCommand) {
  const std::string words = process_in_words(::getpid());
  EXPECT_TRUE(words.starts_with("process " + std::to_string(::getpid()) + " (fs_daemon_test"))
      << words;
  EXPECT_EQ(process_in_words(0), "another process");
  EXPECT_EQ(holder_in_words(0, "/srv"), "another process still has the store of /srv");
}

TEST(ProcessWordsTest, OneThatIsStoppedIsSaidToBe) {
  const pid_t child = ::fork();
  if (child == 0) (void)::pause();
  ASSERT_EQ(::kill(child, SIGSTOP), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, WUNTRACED), child);
  EXPECT_NE(process_in_words(child).find("which is stopped"), std::string::npos);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(process_in_words(child), "process " + std::to_string(child)) << "it is gone";
}

}  // namespace
}  // namespace vexfs::fs
