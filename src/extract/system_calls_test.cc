// A child in the sandbox makes system calls that a hostile document would make.
#include "extract/system_calls.h"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <filesystem>
#include <vector>

#include "base/limits.h"
#include "extract/testing/captive.h"

namespace vexfs::extract {
namespace {

using SystemCallsTest = CaptiveTest;

TEST_F(SystemCallsTest, ChangesNoFile) {
  const std::string file = directory_.path("file");
  for (const int flags : {O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC, O_RDONLY | O_CREAT}) {
    expect_error(EPERM, [&] { return error_of(::open(file.c_str(), flags, 0600)); });
  }
  const std::string place = directory_.path("");
  expect_error(EPERM, [&] { return error_of(::open(place.c_str(), O_TMPFILE | O_RDWR, 0600)); });
  expect_error(EPERM, [&] { return error_of(::unlink(file.c_str())); });
  expect_error(EPERM, [&] { return error_of(::truncate(file.c_str(), 9)); });
  expect_error(EPERM, [&] { return error_of(::chmod(file.c_str(), 0)); });
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(SystemCallsTest, ReachesNobody) {
  expect_error(EPERM, [] { return error_of(::socket(AF_INET, SOCK_STREAM, 0)); });
  expect_error(EPERM, [] { return error_of(::socket(AF_UNIX, SOCK_STREAM, 0)); });
  expect_error(EPERM, [] { return error_of(::kill(::getppid(), 0)); });
  expect_error(EPERM, [] { return error_of(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); });
  expect_error(EPERM, [] { return error_of(::fork()); });
  expect_error(EPERM, [] { return error_of(::setuid(0)); });
  const struct rlimit more = {limits::kExtractorCpuSeconds, limits::kExtractorCpuSeconds};
  expect_error(EPERM, [&] { return error_of(::setrlimit(RLIMIT_CPU, &more)); });
}

TEST_F(SystemCallsTest, ExecutesNothing) {
  expect_killed([] { return error_of(::execl("/bin/true", "true", nullptr)); });
#ifdef __x86_64__
  expect_killed([] { return error_of(::syscall(0x40000000L | SYS_getpid)); });  // x32
#endif
}

// Becomes the program inside, with these arguments; `path` is what execve(2) is given instead of
// the hidden path.
int become(const char* program, std::vector<const char*> arguments, const char* path = nullptr) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto hidden = hide_path(program);
    if (!hidden.ok() || !enter_sandbox(hidden.value()).ok()) ::_exit(255);
    char* const none[] = {nullptr};
    arguments.push_back(nullptr);
    ::execve(path == nullptr ? hidden.value() : path, const_cast<char* const*>(arguments.data()),
             none);
    ::_exit(254);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

TEST_F(SystemCallsTest, BecomesTheOneProgramAndThenNoOther) {
  const int exited_with_7 = become("/bin/sh", {"sh", "-c", "exit 7"});
  EXPECT_TRUE(WIFEXITED(exited_with_7)) << exited_with_7;
  EXPECT_EQ(WEXITSTATUS(exited_with_7), 7);
  const int other = become("/bin/sh", {"sh", "-c", "exit 7"}, "/bin/sh");
  EXPECT_TRUE(WIFSIGNALED(other) && WTERMSIG(other) == SIGSYS) << other;
  const int again = become("/bin/sh", {"sh", "-c", "exec /bin/sh -c 'exit 7'"});
  EXPECT_TRUE(WIFSIGNALED(again) && WTERMSIG(again) == SIGSYS) << again;
}

TEST_F(SystemCallsTest, AHiddenPathIsNeverAtTheSamePlace) {
  const auto one = hide_path("/bin/sh");
  const auto two = hide_path("/bin/sh");
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_STREQ(one.value(), "/bin/sh");
  EXPECT_NE(one.value(), two.value());
}

}  // namespace
}  // namespace vexfs::extract
