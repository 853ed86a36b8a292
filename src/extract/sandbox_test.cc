// A child enters the sandbox, and the kernel says what it is left with.
#include "extract/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <filesystem>
#include <set>
#include <sstream>

#include "base/limits.h"
#include "extract/testing/captive.h"

namespace vexfs::extract {
namespace {

using SandboxTest = CaptiveTest;

constexpr const char* kNoCapabilities = "0000000000000000";
constexpr const char* kNobodyFourTimes = "65534\t65534\t65534\t65534";

TEST_F(SandboxTest, TheKernelSaysThatLittleIsLeft) {
  const Captive captive([] { return 0; });
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
    EXPECT_EQ(captive.line("status", set), kNoCapabilities) << set;
  }
  EXPECT_EQ(captive.line("status", "NoNewPrivs"), "1");
  EXPECT_EQ(captive.line("status", "Seccomp"), "2");
  EXPECT_EQ(captive.line("status", "Threads"), "1");
  const auto limit = [&](const char* name) {
    std::istringstream words(captive.line("limits", name));
    std::string soft;
    std::string hard;
    words >> soft >> hard;
    return soft + " " + hard;
  };
  EXPECT_EQ(limit("Max cpu time"), "20 21");
  EXPECT_EQ(limit("Max address space"), "1073741824 1073741824");
  EXPECT_EQ(limit("Max file size"), "0 0");
  EXPECT_EQ(limit("Max core file size"), "1 1");
  EXPECT_EQ(limit("Max open files"), "32 32");
  EXPECT_EQ(limit("Max processes"), "0 0");
  if (::geteuid() != 0) return;
  std::set<std::string> descriptors;
  for (const auto& entry : std::filesystem::directory_iterator(captive.proc("fd"))) {
    descriptors.insert(entry.path().filename());
  }
  EXPECT_EQ(descriptors, (std::set<std::string>{"0", "1", "2"}));
  EXPECT_EQ(std::filesystem::read_symlink(captive.proc("cwd")), "/");
  struct stat stat;
  ASSERT_EQ(::stat(captive.proc("environ").c_str(), &stat), 0);
  EXPECT_EQ(stat.st_uid, 0U) << "it is not dumpable";
}

// A thread of the daemon that switches ids has capabilities that a change of the uid does not take.
TEST_F(SandboxTest, LeavesNothingOfRootToAChildOfTheDaemon) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to lose";
  Captive captive([] { return ::prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) == -1 ? errno : 0; },
                  [] {
                    const gid_t group = 4;
                    if (::setgroups(1, &group) != 0 ||
                        ::prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0) {
                      ::_exit(255);
                    }
                  });
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb", "CapBnd"}) {
    EXPECT_EQ(captive.line("status", set), kNoCapabilities) << set;
  }
  EXPECT_EQ(captive.line("status", "Groups"), "");
  EXPECT_EQ(captive.line("status", "Uid"), kNobodyFourTimes);
  EXPECT_EQ(captive.line("status", "Gid"), kNobodyFourTimes);
}

TEST_F(SandboxTest, TakesNoMoreMemory) {
  expect_error(ENOMEM, [] {
    void* much = ::mmap(nullptr, 2 * limits::kExtractorMemoryBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return much == MAP_FAILED ? errno : 0;
  });
}

// The end of the pipe is the event: the child holds its only writing end. What the child reads from
// is held open here, so that nothing but its parent's death ends it.
TEST_F(SandboxTest, DiesWithItsParent) {
  int watched[2];
  int held[2];
  ASSERT_EQ(::pipe2(watched, O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(held, O_CLOEXEC), 0);
  const Fd end(watched[0]);
  Fd writing(watched[1]);
  const Fd silence(held[0]);
  const Fd never_written(held[1]);
  const pid_t parent = ::fork();
  if (parent == 0) {
    const Captive captive([] { return 0; },
                          [&] {
                            ::dup2(silence.get(), STDIN_FILENO);
                            ::dup2(writing.get(), STDERR_FILENO);
                          });
    ::_exit(0);
  }
  writing.reset();
  int status = -1;
  ASSERT_EQ(::waitpid(parent, &status, 0), parent);
  EXPECT_EQ(status, 0);
  pollfd ended = {end.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&ended, 1, 60'000), 1) << "it lives";
  char byte = 0;
  EXPECT_EQ(ended.revents == 0 ? -1 : ::read(end.get(), &byte, 1), 0);
}

TEST_F(SandboxTest, DoesNotBeginWhereNobodyReads) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  const Fd unread(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(unread.get(), STDOUT_FILENO);
    ::_exit(enter_sandbox().ok() ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace vexfs::extract
