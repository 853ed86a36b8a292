// ReplyBuffer: the buffer in which each request thread assembles its replies.
#ifndef VEXFS_FS_REPLY_BUFFER_H_
#define VEXFS_FS_REPLY_BUFFER_H_

#include <cstddef>

#include "base/status.h"

namespace vexfs::fs {

// The thread's buffer for replies, limits::kDataBytesMax bytes; pages are touched as needed.
struct ReplyBuffer {
  char* data;
  size_t bytes;
};
ReplyBuffer reply_buffer();
// Gives the calling thread its buffer, until it calls free_reply_buffer(). ENOMEM.
Status allocate_reply_buffer();
void free_reply_buffer();

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REPLY_BUFFER_H_
