// The one place that includes libfuse, with the API version that Debian 12 has.
#ifndef VEXFS_FS_BACKING_FUSE_LOWLEVEL_H_
#define VEXFS_FS_BACKING_FUSE_LOWLEVEL_H_

#define FUSE_USE_VERSION 314
#include <fuse_lowlevel.h>

#endif  // VEXFS_FS_BACKING_FUSE_LOWLEVEL_H_
