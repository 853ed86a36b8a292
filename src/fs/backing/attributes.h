// What the kernel may cache, and for how long.
#ifndef VEXFS_FS_BACKING_ATTRIBUTES_H_
#define VEXFS_FS_BACKING_ATTRIBUTES_H_

#include "fs/backing/backing.h"
#include "fs/backing/fuse_abi.h"
#include "fs/backing/fuse_lowlevel.h"

namespace vexfs::fs {

// Seconds.
struct Timeouts {
  double entry = 1.0;
  double attributes = 1.0;
  double negative = 0.0;
};

// How long the kernel may cache the attributes of an inode. While a file is open for writing it may
// not cache them at all: stores through a mapping change times and blocks without a request.
double attribute_timeout(const NodeInfo& info, const Timeouts& timeouts);

fuse_entry_param entry_reply(const Entry& entry, const Timeouts& timeouts);

// The reply for a file that was just created and is open. As long as it is empty, no store through
// a mapping can change it, and whatever makes it grow makes the kernel ask again. So its attributes
// may be cached, which saves the request that the kernel would send after a create.
fuse_entry_param created_reply(const Entry& entry, const Timeouts& timeouts);

// The same as the kernel's own struct, for replies that libfuse 3.14 cannot build.
void fill_entry_out(const fuse_entry_param& entry, fuse_entry_out& out);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_BACKING_ATTRIBUTES_H_
