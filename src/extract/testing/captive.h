// A process in the sandbox for tests, which does there what it is told.
#ifndef VEXFS_EXTRACT_TESTING_CAPTIVE_H_
#define VEXFS_EXTRACT_TESTING_CAPTIVE_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

#include "base/fd.h"
#include "base/sanitizer.h"
#include "base/testing/temporary_directory.h"
#include "extract/sandbox.h"

namespace vexfs::extract {

// A process in the sandbox that waits to be told to go on. `before` runs in it before it enters,
// `then` runs inside, and its answer is the exit status. 255 stands for what went wrong before.
class Captive {
 public:
  explicit Captive(
      std::function<int()> then, std::function<void()> before = [] {}) {
    int command[2];
    int answer[2];
    EXPECT_EQ(::pipe2(command, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(answer, O_CLOEXEC), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(command[0], STDIN_FILENO);
      ::dup2(answer[1], STDOUT_FILENO);
      before();
      if (!enter_sandbox().ok()) ::_exit(255);
      char byte = 's';
      if (::write(STDOUT_FILENO, &byte, 1) != 1 || ::read(STDIN_FILENO, &byte, 1) != 1) {
        ::_exit(255);
      }
      ::_exit(then());
    }
    ::close(command[0]);
    ::close(answer[1]);
    command_ = Fd(command[1]);
    answer_ = Fd(answer[0]);
    char byte = 0;
    EXPECT_EQ(::read(answer_.get(), &byte, 1), 1) << "it is not in the sandbox";
  }
  ~Captive() {
    if (pid_ > 0) (void)release();
  }
  Captive(const Captive&) = delete;
  Captive& operator=(const Captive&) = delete;

  std::string proc(const std::string& file) const {
    return "/proc/" + std::to_string(pid_) + "/" + file;
  }
  // What follows the name in a line of a file of /proc, blanks apart.
  std::string line(const std::string& file, const std::string& name) const {
    std::ifstream lines(proc(file));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(name)) continue;
      const size_t value = line.find_first_not_of(": \t", name.size());
      const size_t end = line.find_last_not_of(" \t");
      return value == std::string::npos ? "" : line.substr(value, end + 1 - value);
    }
    return "no such line";
  }

  // Lets it go on, and answers the status of waitpid(2).
  int release() {
    EXPECT_EQ(::write(command_.get(), "g", 1), 1);
    const pid_t pid = std::exchange(pid_, -1);
    int status = -1;
    EXPECT_EQ(::waitpid(pid, &status, 0), pid);
    return status;
  }

 private:
  pid_t pid_ = -1;
  Fd command_;
  Fd answer_;
};

// The errno of a call that must fail, as an exit status; 0 where it does not.
template <typename Answer>
int error_of(Answer answer) {
  return answer < 0 ? errno : 0;
}

// A directory with a file that all may write, and calls made inside.
class CaptiveTest : public testing::Test {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's shadow takes more than the sandbox gives";
    ASSERT_EQ(::fchmod(directory_.fd().get(), 0777), 0);
    const Fd file = directory_.create("file", "");
    ASSERT_EQ(::fchmod(file.get(), 0666), 0);
  }

  // Has the call made inside, and expects that errno.
  void expect_error(int error, std::function<int()> call) {
    const int status = Captive(std::move(call)).release();
    EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), error);
  }
  void expect_killed(std::function<int()> call) {
    const int status = Captive(std::move(call)).release();
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) << status;
  }

  TemporaryDirectory directory_;
};

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_TESTING_CAPTIVE_H_
