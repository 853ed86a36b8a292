// Output to a pipe whose reader has gone is no failure (`vexfs search ... | head`). SIGPIPE is
// blocked in this thread while it writes, and one that came is taken from the pending signals, so
// that the rest of the process does not see it.
#include "cli/output.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "cli/commands.h"

namespace vexfs::cli {
namespace {

int write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

}  // namespace

int print(std::string_view text, int code) {
  std::fflush(stdout);
  sigset_t pipe;
  sigset_t before;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
  const int error = write_all(text);
  if (error == EPIPE) {
    const timespec at_once = {};
    while (::sigtimedwait(&pipe, nullptr, &at_once) < 0 && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error == 0 || error == EPIPE) return code;
  return fail("writing the output", error);
}

}  // namespace vexfs::cli
