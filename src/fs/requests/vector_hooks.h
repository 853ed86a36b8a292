// What the engine hears of requests, so that vectors follow their files and texts their contents.
//
// Each function is called after the system call and before the reply. While a request that changes
// a directory is under way, the kernel's FUSE client holds that directory's lock (a rename: both
// directories'), so changes of one directory reach the engine in the order in which they happened.
//
// All are free of cost while the source has no store. Request threads.
#ifndef VEXFS_FS_REQUESTS_VECTOR_HOOKS_H_
#define VEXFS_FS_REQUESTS_VECTOR_HOOKS_H_

#include "base/status.h"
#include "fs/backing/content_stamp.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

inline bool keeps_vectors(const FileSystem& fs) {
  return fs.engine != nullptr && fs.engine->has_store();
}

// `object` has the new name.
void tell_linked(FileSystem& fs, NodeId parent, const char* name, NodeId object);
void tell_unlinked(FileSystem& fs, NodeId parent, const char* name);
// `flags` are those of renameat2(2).
void tell_renamed(FileSystem& fs, NodeId parent, const char* name, NodeId new_parent,
                  const char* new_name, unsigned flags);
void tell_permissions_changed(FileSystem& fs, NodeId node);

// The content of a file, or its times, may have changed. Nothing is told of a file that is open for
// writing: close_and_tell() does when its last writer is gone, so that nobody reads what is half
// written, and each change is told once.
void tell_content_changed(FileSystem& fs, NodeId node);
// What is written so far is on the disk, and its writer may keep the file open for long, as logs
// are.
void tell_content_synced(FileSystem& fs, NodeId node);
// The content of what has the name now: it may have replaced another file, or be ignored no more.
void tell_content_moved(FileSystem& fs, NodeId parent, const char* name);
// What a file is before it is opened for writing; a truncated one has changed already.
ContentStamp stamp_before_open(FileSystem& fs, int fd, int flags);
// Closes the file; tells of its content when it was the last that could change it.
void close_and_tell(FileSystem& fs, OpenFile* file);

// What fsync(2) promises of the vectors: all changes so far are on the disk. A store that cannot be
// written fails it for files that carry vectors, and for directories; others do not suffer.
Status make_vectors_durable(FileSystem& fs, NodeId node);

}  // namespace vexfs::fs

#endif  // VEXFS_FS_REQUESTS_VECTOR_HOOKS_H_
