// Waiting for a daemon whose mount was taken away.
#ifndef VEXFS_FS_DAEMON_DAEMON_END_H_
#define VEXFS_FS_DAEMON_DAEMON_END_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/fd.h"
#include "base/status.h"

namespace vexfs::fs {

// A daemon as others see it.
struct Daemon {
  pid_t pid = 0;       // 0: it did not say.
  Fd process;          // A pidfd, where the number is known.
  std::string source;  // The directory that it serves; empty where that is not known.
};

// Whether the process has /dev/fuse open. A number that comes out of another PID namespace is some
// other process's here.
bool serves_a_mount(pid_t pid);

// Waits until the daemon has let go of its store: until it has ended, or, where its number is not
// known, until nobody has the lock of the store. After a second a line on standard error says what
// is waited for. EBUSY after `seconds`, with a line that says who has what.
Status wait_for_end(const Daemon& daemon, uint32_t seconds);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_DAEMON_END_H_
