// Notifications to the engine, so that vectors follow their files and the text index follows
// contents.
//
// Handlers call each function after the system call and before the reply. While a request that
// changes a directory is in progress, the kernel's FUSE client holds the lock of that directory
// (for a rename, of both), so changes of one directory reach the engine in the order in which they
// happened.
//
// While the source has no store, each function only tests a flag. On request threads.
#ifndef VEXFS_FS_REQUESTS_VECTOR_HOOKS_H_
#define VEXFS_FS_REQUESTS_VECTOR_HOOKS_H_

#include "base/status.h"
#include "fs/backing/content_stamp.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

inline bool keeps_vectors(const FileSystem& fs) {
  return fs.engine != nullptr && fs.engine->has_store();
}

// `object` got a new name.
void tell_linked(FileSystem& fs, NodeId parent, const char* name, NodeId object);
void tell_unlinked(FileSystem& fs, NodeId parent, const char* name);
// `flags` are those of renameat2(2).
void tell_renamed(FileSystem& fs, NodeId parent, const char* name, NodeId new_parent,
                  const char* new_name, unsigned flags);
void tell_permissions_changed(FileSystem& fs, NodeId node);

// The content of a file, or its times, may have changed. A file that is open for writing is not
// reported here: close_and_tell() reports it when its last writer is gone. So no half-written
// content is read, and each change is reported once.
void tell_content_changed(FileSystem& fs, NodeId node);
// A writer has called fsync(2). It may keep the file open for long, as with logs, so the change is
// reported now.
void tell_content_synced(FileSystem& fs, NodeId node);
// A file was moved to this name. Its content is reported, because it may have replaced another
// file, and ignore rules may apply to the new name that did not apply to the old one, or the other
// way round.
void tell_content_moved(FileSystem& fs, NodeId parent, const char* name);
// The stamp of a file before it is opened for writing. Empty where none is needed: for readers, and
// with O_TRUNC, which is a change already.
ContentStamp stamp_before_open(FileSystem& fs, int fd, int flags);
// Closes the file. If it was the last writer and the content has changed, reports that.
void close_and_tell(FileSystem& fs, OpenFile* file);

// Brings all changes of vectors so far to the disk, as fsync(2) promises. If the store cannot be
// written, this fails for directories and for files that carry vectors, and succeeds for all
// others.
Status make_vectors_durable(FileSystem& fs, NodeId node);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_VECTOR_HOOKS_H_
