// Forking, waiting and passing results back.
#include "tests/e2e/support/process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace vexfs::e2e {
namespace {

constexpr int kCallerFailed = 255;

void sleep_milliseconds(long milliseconds) {
  const timespec pause{milliseconds / 1000, (milliseconds % 1000) * 1000000};
  ::nanosleep(&pause, nullptr);
}

int decode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : Child::kSignalled + WTERMSIG(status);
}

}  // namespace

int error_of(long long result) { return result == -1 ? errno : 0; }

bool eventually(const std::function<bool()>& condition, int milliseconds) {
  constexpr int kStep = 5;
  for (int waited = 0; waited < milliseconds; waited += kStep) {
    if (condition()) return true;
    sleep_milliseconds(kStep);
  }
  return condition();
}

Child::Child(const Body& body) {
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::_exit(body());
  }
  if (pid_ < 0) std::abort();
}

Child::~Child() {
  if (reaped_) return;
  kill();
  wait();
}

void Child::kill() {
  if (!reaped_) ::kill(pid_, SIGKILL);
}

int Child::wait() {
  if (!reaped_) {
    while (::waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
  }
  return decode(status_);
}

bool Child::exited_within(int milliseconds) {
  return eventually(
      [this] {
        if (!reaped_) reaped_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
        return reaped_;
      },
      milliseconds);
}

bool Child::sleeps_within(int milliseconds) {
  return eventually(
      [this] {
        std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
        std::string line;
        std::getline(stat, line);
        const size_t name_end = line.rfind(')');  // The name may hold spaces.
        return name_end != std::string::npos && line.size() > name_end + 2 &&
               line[name_end + 2] == 'S';
      },
      milliseconds);
}

int in_child(const Body& body) { return Child(body).wait(); }

int as_caller(const Caller& caller, const Body& body) {
  return in_child([&] {
    if (::setgroups(caller.groups.size(), caller.groups.data()) != 0 ||
        ::setresgid(caller.gid, caller.gid, caller.gid) != 0 ||
        ::setresuid(caller.uid, caller.uid, caller.uid) != 0) {
      return kCallerFailed;
    }
    return body();
  });
}

Gate::Gate() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
  read_.reset(ends[0]);
  write_.reset(ends[1]);
}

void Gate::open() {
  const char token = 'g';
  if (::write(write_.get(), &token, 1) != 1) std::abort();
}

bool Gate::wait(int milliseconds) {
  pollfd ready{read_.get(), POLLIN, 0};
  char token = 0;
  return ::poll(&ready, 1, milliseconds) == 1 && ::read(read_.get(), &token, 1) == 1;
}

}  // namespace vexfs::e2e
