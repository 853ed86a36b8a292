// Tests of Pacing: the CPU in the text of proc(5) stat, and a thread that keeps serving under
// contention.
#include "fs/requests/pacing.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace vexfs::fs {
namespace {

std::string stat_line(const std::string& command, int cpu) {
  std::string line = "42 (" + command + ") S";
  for (int field = 4; field < 39; ++field) line += " " + std::to_string(field);
  return line + " " + std::to_string(cpu) + " 0 0\n";
}

std::string text_of(const char* path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(PacingTest, TheCpuIsField39) {
  const std::string line = stat_line("bash", 17);
  EXPECT_EQ(cpu_of_stat(line.data(), line.size()), 17);
}

TEST(PacingTest, TheCommandMayHoldParenthesesAndBlanks) {
  const std::string line = stat_line("a) 1 2 (b", 3);
  EXPECT_EQ(cpu_of_stat(line.data(), line.size()), 3);
}

TEST(PacingTest, EveryTruncationOfALineIsNoneOrAPrefixOfTheNumber) {
  const std::string line = stat_line("x", 25);
  const size_t number = line.find(" 25 0 0") + 1;
  for (size_t bytes = 0; bytes <= number; ++bytes) {
    EXPECT_EQ(cpu_of_stat(line.data(), bytes), -1) << bytes;
  }
}

TEST(PacingTest, TheRunnableThreadsAreBeforeTheSlash) {
  const std::string line = "0.20 0.18 0.12 17/80 11206\n";
  EXPECT_EQ(runnable_of_loadavg(line.data(), line.size()), 17);
  for (size_t bytes = 0; bytes <= line.find('/'); ++bytes) {
    EXPECT_EQ(runnable_of_loadavg(line.data(), bytes), -1) << bytes;
  }
  for (const std::string_view bad : {"0.20 0.18 0.12 x/80", "0.20 0.18 0.12 17 80", "    /"}) {
    EXPECT_EQ(runnable_of_loadavg(bad.data(), bad.size()), -1) << bad;
  }
}

TEST(PacingTest, TheKernelCountsAtLeastThisThread) {
  const std::string line = text_of("/proc/loadavg");
  EXPECT_GE(runnable_of_loadavg(line.data(), line.size()), 1);
}

TEST(PacingTest, TheKernelsOwnLineNamesACpu) {
  const std::string line = text_of("/proc/self/stat");
  EXPECT_GE(cpu_of_stat(line.data(), line.size()), 0);
  EXPECT_LT(cpu_of_stat(line.data(), line.size()), ::sysconf(_SC_NPROCESSORS_CONF));
}

TEST(PacingTest, TheThreadMayUseAllItsCpusAgainOnceContentionIsOver) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof(before), &before), 0);
  Pacing pacing;
  // Enough requests for every state. The test cannot control how many other threads want to run.
  for (int i = 0; i < 10000; ++i) pacing.served(::getpid());
  for (int i = 0; i < 100000 && !pacing.polls(); ++i) pacing.served(::getpid());
  if (!pacing.polls()) GTEST_SKIP() << "this machine is crowded all the time";
  cpu_set_t after;
  ASSERT_EQ(::sched_getaffinity(0, sizeof(after), &after), 0);
  EXPECT_TRUE(CPU_EQUAL(&before, &after));
}

}  // namespace
}  // namespace vexfs::fs
