// Who reaches the source besides the mount: programs and filesystems that were there before it.
#ifndef VEXFS_FS_DAEMON_SOURCE_USERS_H_
#define VEXFS_FS_DAEMON_SOURCE_USERS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace vexfs::fs {

// The mountpoints of other filesystems below `source`, which is a real path.
std::vector<std::string> filesystems_below(const std::string& source);

// The processes, this one left out, whose working directory, root or open files lie in `source`: a
// mount that comes over it does not stand between them and the files. As another user than root,
// those of this user only.
std::vector<pid_t> processes_in(const std::string& source);

// "first, second, third and 4 more"
std::string first_of(const std::vector<std::string>& words);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_SOURCE_USERS_H_
