// A child enters the sandbox and looks at what it still may do.
#include "extract/sandbox.h"

#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/securebits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "base/limits.h"
#include "base/sanitizer.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::extract {
namespace {

// The value of a field of /proc/self/status, without leading blanks.
std::string own_status(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(field + ":")) continue;
    const size_t value = line.find_first_not_of(" \t", field.size() + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "no such field";
}

// Enters the sandbox and exits with the number of the first expectation that does not hold, or 0.
[[noreturn]] void look_around(const char* file) {
  if (!enter_sandbox().ok()) ::_exit(1);
  if (::geteuid() == 0) ::_exit(2);
  rlimit cpu;
  if (::getrlimit(RLIMIT_CPU, &cpu) != 0 || cpu.rlim_max != limits::kExtractorCpuSeconds)
    ::_exit(3);
  if (::setuid(0) == 0 && ::getuid() == 0) ::_exit(4);
  void* much = ::mmap(nullptr, 2 * limits::kExtractorMemoryBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (much != MAP_FAILED) ::_exit(5);
  ::signal(SIGXFSZ, SIG_IGN);
  const int fd = ::open(file, O_WRONLY);
  if (fd >= 0 && ::write(fd, "x", 1) == 1) ::_exit(6);
  for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"}) {
    if (own_status(set) != "0000000000000000") ::_exit(7);
  }
  ::_exit(0);
}

// Does what a thread of the daemon that switches ids does before it starts an extractor: it has
// capabilities that a change of the uid does not take, and some that executed programs inherit.
[[noreturn]] void look_around_as_root(const char* file) {
  if (::prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) != 0) ::_exit(10);
  const gid_t group = 4;
  if (::setgroups(1, &group) != 0) ::_exit(11);
  const pid_t child = ::fork();
  if (child == 0) {
    if (!enter_sandbox().ok()) ::_exit(1);
    if (::prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != 0) ::_exit(12);
    if (own_status("CapBnd") != "0000000000000000") ::_exit(13);
    if (own_status("Groups") != "") ::_exit(14);
    if (own_status("NoNewPrivs") != "1") ::_exit(15);
    if (own_status("Uid") != "65534\t65534\t65534\t65534") ::_exit(16);
    ::_exit(0);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status)) ::_exit(17);
  if (WEXITSTATUS(status) != 0) ::_exit(WEXITSTATUS(status));
  look_around(file);
}

TEST(SandboxTest, LeavesLittle) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's shadow takes more than the sandbox gives";
  const TemporaryDirectory directory;
  ASSERT_EQ(::fchmod(directory.fd().get(), 0777), 0);
  const Fd file = directory.create("file", "");
  ASSERT_EQ(::fchmod(file.get(), 0666), 0);
  EXPECT_EXIT(look_around(directory.path("file").c_str()), testing::ExitedWithCode(0), "");
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 0) << "nothing was written";
}

TEST(SandboxTest, LeavesNothingOfRootToAChildOfTheDaemon) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer's shadow takes more than the sandbox gives";
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to lose";
  const TemporaryDirectory directory;
  const Fd file = directory.create("file", "");
  EXPECT_EXIT(look_around_as_root(directory.path("file").c_str()), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace vexfs::extract
