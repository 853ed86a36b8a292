// Waiting: how long somebody waits for a process, and what is said meanwhile.
#ifndef VEXFS_FS_DAEMON_WAITING_H_
#define VEXFS_FS_DAEMON_WAITING_H_

#include <chrono>
#include <cstdint>
#include <string>

#include "fs/daemon/say.h"

namespace vexfs::fs {

// Begins with its construction. One thread.
class Waiting {
 public:
  explicit Waiting(uint32_t seconds) : most_(seconds) {}

  // False when the time is over. Once it is longer than a second, a line on standard error says
  // `what` is waited for.
  bool goes_on(const std::string& what) {
    const Clock::duration waited = Clock::now() - begin_;
    if (waited >= most_) return false;
    if (waited >= kSilence && !said_) {
      say("waiting: " + what);
      said_ = true;
    }
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kSilence{1};

  const std::chrono::seconds most_;
  const Clock::time_point begin_ = Clock::now();
  bool said_ = false;
};

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_WAITING_H_
