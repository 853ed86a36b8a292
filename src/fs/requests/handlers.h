// The FUSE operations. fs/requests turns each request of the kernel into one reply: a ReaderPool
// reads it, preview_request() looks at its bytes, libfuse parses it, and a handler answers.
//
// Each handler checks its arguments, makes its system calls on descriptors that Backing gives it,
// and replies exactly once. It holds no lock when it replies, because the kernel may send a FORGET
// of the same inode before the reply has returned. Requests for nodes of `.vexfs` go to Surface.
//
// Threads: all handlers may run at once, on the threads of the ReaderPool. FileSystem owns
// everything that they reach.
//
// The names on_<operation> are a contract: tools/stack proves the stack that each of them needs,
// and StackMonitor measures it.
#ifndef VEXFS_FS_REQUESTS_HANDLERS_H_
#define VEXFS_FS_REQUESTS_HANDLERS_H_

#include <string_view>

#include "base/stack_monitor.h"
#include "fs/requests/file_system.h"

namespace vexfs::fs {

// The operations that this mount serves. FLUSH, and the lock operations, are among them only where
// the backing filesystem has to hear of closes and locks.
fuse_lowlevel_ops handler_operations(const FileSystem& fs);

namespace handlers {

inline FileSystem& file_system(fuse_req_t req) {
  return *static_cast<FileSystem*>(fuse_req_userdata(req));
}

// Counts the request and checks that the thread has enough stack left for it. False: the request
// must be answered with ENOMEM.
inline bool admit(FileSystem& fs, Operation operation, const void* frame) {
  fs.counters.count(operation);
  Latencies::name(operation);
  return StackMonitor::probe_enter(static_cast<uint32_t>(operation), frame);
}

inline const OpenFile& open_file(const fuse_file_info* fi) {
  return *reinterpret_cast<const OpenFile*>(fi->fh);
}

inline bool is_reserved(std::string_view name) { return name == kSurfaceName; }
// Whether the name is the mount's own store, which only the daemon touches. Below the root a
// directory may have a `.vexfs` too: it was indexed by itself once, or copied from such a place.
inline bool is_own_store(NodeId directory, std::string_view name) {
  return directory == kRootNode && is_reserved(name);
}

void reply_status(fuse_req_t req, const Status& status);
void reply_entry(FileSystem& fs, fuse_req_t req, const Result<Entry>& entry);
void reply_attributes(FileSystem& fs, fuse_req_t req, const Result<Entry>& entry);
// Registers `fd` as an open file of the inode and fills in the reply; `flags` are those of open(2).
// With `created`, the inode is new and its entry part of the reply; its lookup is taken back when
// the open fails.
Result<OpenFile*> register_open(FileSystem& fs, NodeId node, Fd fd, int flags, const Entry* created,
                                abi::CreateOut& reply);
// For a reply that the kernel did not take: it has neither the open file nor the lookup.
void undo_open(FileSystem& fs, OpenFile* file, const Entry* created);

void on_lookup(fuse_req_t req, fuse_ino_t parent, const char* name);
void on_forget(fuse_req_t req, fuse_ino_t ino, uint64_t lookups);
void on_forget_multi(fuse_req_t req, size_t count, fuse_forget_data* forgets);
void on_getattr(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi);
void on_setattr(fuse_req_t req, fuse_ino_t ino, struct stat* attr, int valid, fuse_file_info* fi);
void on_readlink(fuse_req_t req, fuse_ino_t ino);
void on_mknod(fuse_req_t req, fuse_ino_t parent, const char* name, mode_t mode, dev_t device);
void on_mkdir(fuse_req_t req, fuse_ino_t parent, const char* name, mode_t mode);
void on_symlink(fuse_req_t req, const char* target, fuse_ino_t parent, const char* name);
void on_unlink(fuse_req_t req, fuse_ino_t parent, const char* name);
void on_rmdir(fuse_req_t req, fuse_ino_t parent, const char* name);
void on_rename(fuse_req_t req, fuse_ino_t parent, const char* name, fuse_ino_t new_parent,
               const char* new_name, unsigned int flags);
void on_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t new_parent, const char* new_name);
void on_open(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi);
void on_create(fuse_req_t req, fuse_ino_t parent, const char* name, mode_t mode,
               fuse_file_info* fi);
void on_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi);
void on_write(fuse_req_t req, fuse_ino_t ino, const char* data, size_t size, off_t offset,
              fuse_file_info* fi);
void on_flush(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi);
void on_release(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi);
void on_fsync(fuse_req_t req, fuse_ino_t ino, int data_only, fuse_file_info* fi);
void on_opendir(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi);
void on_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi);
void on_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset, fuse_file_info* fi);
void on_releasedir(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi);
void on_fsyncdir(fuse_req_t req, fuse_ino_t ino, int data_only, fuse_file_info* fi);
void on_statfs(fuse_req_t req, fuse_ino_t ino);
void on_setxattr(fuse_req_t req, fuse_ino_t ino, const char* name, const char* value, size_t size,
                 int flags);
void on_getxattr(fuse_req_t req, fuse_ino_t ino, const char* name, size_t size);
void on_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);
void on_removexattr(fuse_req_t req, fuse_ino_t ino, const char* name);
void on_ioctl(fuse_req_t req, fuse_ino_t ino, unsigned int command, void* argument,
              fuse_file_info* fi, unsigned int flags, const void* in, size_t in_bytes,
              size_t out_bytes);
void on_poll(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, fuse_pollhandle* handle);
void on_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t offset, off_t length,
                  fuse_file_info* fi);
void on_copy_file_range(fuse_req_t req, fuse_ino_t ino_in, off_t offset_in, fuse_file_info* fi_in,
                        fuse_ino_t ino_out, off_t offset_out, fuse_file_info* fi_out, size_t length,
                        int flags);
void on_lseek(fuse_req_t req, fuse_ino_t ino, off_t offset, int whence, fuse_file_info* fi);
void on_getlk(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, struct flock* range);
void on_setlk(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, struct flock* range, int waits);
void on_flock(fuse_req_t req, fuse_ino_t ino, fuse_file_info* fi, int operation);

}  // namespace handlers
}  // namespace vexfs::fs

// The first line of a handler. It declares `fs`, the mount, and refuses the request with ENOMEM
// when the stack is too short.
#define VEXFS_HANDLER(req, operation)                                 \
  FileSystem& fs = file_system(req);                                  \
  if (!admit(fs, Operation::operation, __builtin_frame_address(0))) { \
    fuse_reply_err(req, ENOMEM);                                      \
    return;                                                           \
  }                                                                   \
  static_assert(true, "a semicolon follows")

#endif  // VEXFS_FS_REQUESTS_HANDLERS_H_
