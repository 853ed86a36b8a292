// What is left to a process in the sandbox, seen from inside, in a child.
#include "extract/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/sanitizer.h"
#include "base/testing/temporary_directory.h"

namespace vexfs::extract {
namespace {

// Exits with the number of the first expectation that does not hold; 0 when all do.
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
  ::_exit(0);
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

}  // namespace
}  // namespace vexfs::extract
