// The links below /proc/PID (proc(5)): where a process is, and what it has open.
#ifndef VEXFS_FS_DAEMON_PROCESS_LINKS_H_
#define VEXFS_FS_DAEMON_PROCESS_LINKS_H_

#include <string>

#include "base/function_ref.h"

namespace vexfs::fs {

// Where the link leads; empty where it may not be read.
std::string target_of_link(const std::string& link);

// The first link "<process>/fd/N" that is wanted; empty where none is. `process` is "/proc/PID".
using WantedLink = FunctionRef<bool(const std::string& link, const std::string& target)>;
std::string find_open_file(const std::string& process, WantedLink wanted);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_PROCESS_LINKS_H_
