// The files that a process in the sandbox may open: those of the system's libraries (landlock(7)).
#ifndef VEXFS_EXTRACT_READABLE_FILES_H_
#define VEXFS_EXTRACT_READABLE_FILES_H_

#include "base/status.h"

namespace vexfs::extract {

// Leaves the files below /usr and what else the readers' libraries open: tables of encodings and of
// kinds of files, fonts' names, and libraries. Files that are open already are not affected. Where
// the kernel has no Landlock (before Linux 5.13, or not enabled), the credentials alone decide. The
// process must have no_new_privs. It cannot be undone.
Status bound_readable_files();

}  // namespace vexfs::extract

#endif  // VEXFS_EXTRACT_READABLE_FILES_H_
