// Words for people about a process that has what they need.
#ifndef VEXFS_FS_DAEMON_PROCESS_WORDS_H_
#define VEXFS_FS_DAEMON_PROCESS_WORDS_H_

#include <sys/types.h>

#include <string>

namespace vexfs::fs {

// "process 12 (vexfs mount /srv)", with ", which is stopped," or ", which waits for a disk,"
// where /proc says so. 0 is a process that cannot be named.
std::string process_in_words(pid_t pid);

// The same, with what it has: "... still has the store of /srv".
std::string holder_in_words(pid_t pid, const std::string& source);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_DAEMON_PROCESS_WORDS_H_
