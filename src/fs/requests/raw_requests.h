// Requests as they come from the kernel, before libfuse: what libfuse 3.14 drops or does not know.
#ifndef VEXFS_FS_REQUESTS_RAW_REQUESTS_H_
#define VEXFS_FS_REQUESTS_RAW_REQUESTS_H_

#include <cstddef>

#include "fs/requests/file_system.h"

namespace vexfs::fs {

// Looks at one request of `bytes` bytes. Notes whether it asks to clear setuid and setgid (libfuse
// drops those bits of OPEN, WRITE and SETXATTR), hands INIT to Passthrough, brings SETXATTR to the
// shape that libfuse knows (then `bytes` shrinks), and answers TMPFILE and STATX itself. True when
// the request is done with and libfuse must not see it.
//
// Every length is checked against `bytes`; a request that is too short is left to libfuse.
bool preview_request(FileSystem& fs, char* request, size_t& bytes);

// Of the request that this thread previewed last.
bool this_request_kills_privileges();

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_RAW_REQUESTS_H_
