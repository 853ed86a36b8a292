// Requests as the kernel wrote them, before libfuse parses them. libfuse 3.14 drops some flags and
// does not know some operations; both are handled here.
#ifndef VEXFS_FS_REQUESTS_RAW_REQUESTS_H_
#define VEXFS_FS_REQUESTS_RAW_REQUESTS_H_

#include <cstddef>

#include "fs/requests/file_system.h"

namespace vexfs::fs {

// Looks at one request of `bytes` bytes. It
// - notes whether the request asks to clear setuid and setgid, as libfuse drops those bits of OPEN,
//   WRITE and SETXATTR,
// - shows INIT to Passthrough,
// - brings SETXATTR into the form that libfuse knows, which makes it shorter: `bytes` shrinks,
// - answers TMPFILE and STATX, which libfuse does not know.
//
// True when the request was answered and libfuse must not see it. Every length is checked against
// `bytes`; a request that is too short is left to libfuse. On request threads.
bool preview_request(FileSystem& fs, char* request, size_t& bytes);

// Whether the request that this thread previewed last asks to clear setuid and setgid.
bool this_request_kills_privileges();

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_RAW_REQUESTS_H_
