// Lines for the person who gave the command, before the daemon has left the terminal.
#ifndef VEXFS_FS_DAEMON_SAY_H_
#define VEXFS_FS_DAEMON_SAY_H_

#include <unistd.h>

#include <string>

namespace vexfs::fs {

// "vexfs: <line>" on standard error, in one write.
inline void say(const std::string& line) {
  const std::string text = "vexfs: " + line + "\n";
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_SAY_H_
