// The system calls that a process in the sandbox may make: a seccomp(2) filter.
#ifndef VEXFS_EXTRACT_SYSTEM_CALLS_H_
#define VEXFS_EXTRACT_SYSTEM_CALLS_H_

#include "base/status.h"

namespace vexfs::extract {

// Allows what reading a document takes: memory, clocks, and files that are opened for reading.
// There are no sockets, no other processes or threads, and no changes of files. What is not allowed
// fails with EPERM; to execute a program, or to make calls of another architecture, ends the
// process with SIGSYS.
//
// `program`: the one path that may be executed, null for none. The filter knows it by its address,
// so execve(2) must be given this very pointer, and it is to be one of hide_path(): the program
// does not know where its path was, and so it cannot execute anything by means of the same rule.
//
// It holds for this process and whatever it becomes, and cannot be undone. The process must have
// no_new_privs and no other threads. In sanitizer builds it does nothing: their runtimes make
// system calls of many kinds, to map shadows and to look at threads, when they report something.
Status bound_system_calls(const char* program);

// A copy of the path at a random address, for as long as the process does not execute it.
Result<const char*> hide_path(const char* path);

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_SYSTEM_CALLS_H_
